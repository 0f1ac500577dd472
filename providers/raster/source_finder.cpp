#include "providers/raster/source_finder.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace topobathy {
namespace {

constexpr std::int64_t kFarthest =
    64;  // pixels; a lattice pixel of a chosen overview covers two to eight

/// floor, without a call into libm for every pixel: positions are far above -2^30.
std::int64_t pixel(double position) noexcept {
  constexpr double kLift = 1073741824.0;
  return static_cast<std::int64_t>(position + kLift) - static_cast<std::int64_t>(kLift);
}

/// Where a file keeps the names of its pixels.
struct NameGrid {
  int band;
  int level;
  double across, down;  ///< its pixels in one of the members' grid
  GridPlace place;

  explicit NameGrid(const GroupMember& member)
      : band(member.file->source_band ? member.file->source_band : member.file->elevation_band),
        // Overviews made by averaging hold numbers of surveys that are not there: then the full
        // resolution is asked.
        level(member.file->source_band && !member.file->overview_ids ? 0 : member.level),
        place(member.file->levels[static_cast<std::size_t>(level)].place) {
    const RasterLevel& size = member.file->header.levels[static_cast<std::size_t>(level)];
    across = static_cast<double>(size.width) / static_cast<double>(member.size().width);
    down = static_cast<double>(size.height) / static_cast<double>(member.size().height);
  }
};

}  // namespace

std::optional<SourceId> SourceFinder::only(const GroupMembers& members) const noexcept {
  const auto& list = members.members;
  if (list.size() != 1 || list.front().file->source_band != 0) return std::nullopt;
  return ids_.of_file(list.front().number);
}

float SourceFinder::elevation_of(const GroupMember& member, double col, double row) {
  const float here = memo_.at(*member.file, *member.reader, member.level,
                              member.file->elevation_band, pixel(col), pixel(row));
  return member.shows(here) ? here : kNoValue;
}

SourceId SourceFinder::at(const GroupMembers& members, double col, double row, double reach) {
  const auto& list = members.members;
  const GroupMember* holder = nullptr;
  for (auto member = list.rbegin(); member != list.rend() && !holder; ++member) {
    const double own_col = members.column_in(*member, col);
    const double own_row = row - static_cast<double>(member->place.row);
    const float here = elevation_of(*member, own_col, own_row);
    if (here != here) continue;
    if (member->file->source_band == 0) return ids_.of_file(member->number);
    const NameGrid grid(*member);
    const float name = memo_.at(*member->file, *member->reader, grid.level, grid.band,
                                pixel(own_col * grid.across), pixel(own_row * grid.down));
    if (name == name) return number(*member, name);
    holder = &*member;
  }
  const SourceId near = nearest(members, col, row, reach);
  return near == kNoSource && holder ? ids_.of_file(holder->number) : near;
}

SourceFinder::Sounding SourceFinder::sounding_at(const GroupMembers& members, double col,
                                                 double row, bool with_uncertainty) {
  for (auto member = members.members.rbegin(); member != members.members.rend(); ++member) {
    const double own_col = members.column_in(*member, col);
    const double own_row = row - static_cast<double>(member->place.row);
    Sounding here{elevation_of(*member, own_col, own_row), kNoValue};
    if (here.elevation != here.elevation) continue;
    if (with_uncertainty && member->file->uncertainty_band)
      here.uncertainty = memo_.at(*member->file, *member->reader, member->level,
                                  member->file->uncertainty_band, pixel(own_col), pixel(own_row));
    return here;
  }
  return {};
}

SourceId SourceFinder::nearest(const GroupMembers& members, double col, double row, double reach) {
  // Rings of growing size: the first ring with a name is near enough, and its nearest pixel (first
  // in row order among equals, the upper file where two have it) is taken.
  for (std::int64_t ring = 0; ring <= kFarthest; ++ring) {
    Named found;
    for (auto member = members.members.rbegin(); member != members.members.rend(); ++member)
      look_at_ring(*member, members.column_in(*member, col),
                   row - static_cast<double>(member->place.row), reach, ring, found);
    if (!found.member) continue;
    return found.member->file->source_band ? number(*found.member, found.value)
                                           : ids_.of_file(found.member->number);
  }
  return kNoSource;
}

void SourceFinder::look_at_ring(const GroupMember& member, double col, double row, double reach,
                                std::int64_t ring, Named& nearest) {
  const NameGrid grid(member);
  const double scale = std::fmax(grid.across, grid.down);
  if (ring > static_cast<std::int64_t>(std::ceil(reach * scale)) + 1) return;
  const double x = col * grid.across, y = row * grid.down;
  const std::int64_t c0 = pixel(x), r0 = pixel(y);
  for (std::int64_t r = r0 - ring; r <= r0 + ring; ++r) {
    const bool edge = r == r0 - ring || r == r0 + ring;
    for (std::int64_t c = c0 - ring; c <= c0 + ring; c += edge || ring == 0 ? 1 : 2 * ring) {
      const float value = memo_.at(*member.file, *member.reader, grid.level, grid.band, c, r);
      if (value != value || (member.file->source_band == 0 && !member.shows(value))) continue;
      const double dc = static_cast<double>(c) + 0.5 - x, dr = static_cast<double>(r) + 0.5 - y;
      const Named here{&member, value, (dc * dc + dr * dr) / (scale * scale), r + grid.place.row,
                       c + grid.place.col};
      if (std::tie(here.distance, here.row, here.col) <
          std::tie(nearest.distance, nearest.row, nearest.col))
        nearest = here;
    }
  }
}

SourceId SourceFinder::number(const GroupMember& member, float value) {
  if (value != value) return ids_.of_file(member.number);
  if (member.file == last_file_ && value == last_value_) return last_id_;
  const SourceId id = ids_.of_contributor(member.number, value);
  last_file_ = member.file;
  last_value_ = value;
  last_id_ = id == kNoSource ? ids_.of_file(member.number) : id;
  return last_id_;
}

}  // namespace topobathy
