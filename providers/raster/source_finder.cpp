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

/// Overviews are believed within this distance, in their pixels.
constexpr std::int64_t kBelievedRings = 2;
constexpr int kCompany = 4;  ///< of eight neighbours

int neighbours_like(const float* at, std::int64_t stride, float value) noexcept {
  int count = 0;
  for (const float* row : {at - stride, at, at + stride})
    count += (row[-1] == value ? 1 : 0) + (row[0] == value ? 1 : 0) + (row[1] == value ? 1 : 0);
  return count - 1;
}

}  // namespace

struct SourceFinder::NameGrid {
  int band;
  int level;
  bool doubtful;                    ///< numbers of this level may be means
  double across = 1.0, down = 1.0;  ///< its pixels in one of the members' grid
  GridPlace place;

  NameGrid(const GroupMember& member, Detail detail)
      : band(member.file->source_band ? member.file->source_band : member.file->elevation_band),
        level(detail == Detail::kFull && asks_neighbours(member) ? 0 : member.level),
        doubtful(level > 0 && asks_neighbours(member)),
        place(member.file->levels[static_cast<std::size_t>(level)].place) {
    if (level == member.level) return;
    const RasterLevel& size = member.file->header.levels[static_cast<std::size_t>(level)];
    across = static_cast<double>(size.width) / static_cast<double>(member.size().width);
    down = static_cast<double>(size.height) / static_cast<double>(member.size().height);
  }
};

bool SourceFinder::asks_neighbours(const GroupMember& member) noexcept {
  return member.level > 0 && member.file->source_band != 0;
}

std::optional<SourceId> SourceFinder::only(const GroupMembers& members) const noexcept {
  const auto& list = members.members;
  if (list.size() != 1 || list.front().file->source_band != 0) return std::nullopt;
  return ids_.of_file(list.front().number);
}

std::optional<SourceId> SourceFinder::look_around(const GroupMember& member,
                                                  const SourceWindow& pixels) {
  around_member_ = nullptr;
  if (!around_.read(member, pixels)) return std::nullopt;
  const auto only = around_.only();
  if (only && is_known(member, *only)) return number(member, *only);
  around_.confirm(asks_neighbours(member) ? kCompany : 0);
  around_member_ = &member;
  return std::nullopt;
}

SourceId SourceFinder::around(std::int64_t col, std::int64_t row) {
  if (!around_member_) return kNoSource;
  const float value = around_.at(col, row);
  return value == value && is_known(*around_member_, value) ? number(*around_member_, value)
                                                            : kNoSource;
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
    const SourceId name = name_at(members, *member, own_col, own_row);
    if (name != kNoSource) return name;
    holder = &*member;
  }
  SourceId near = nearest(members, col, row, reach, Detail::kSampled);
  if (near == kNoSource && std::any_of(list.begin(), list.end(), asks_neighbours))
    near = nearest(members, col, row, reach, Detail::kFull);
  return near == kNoSource && holder ? ids_.of_file(holder->number) : near;
}

SourceId SourceFinder::name_at(const GroupMembers& members, const GroupMember& member, double col,
                               double row) {
  const NameGrid grid(member, Detail::kSampled);
  const float here = pixel_name(members, grid, {&member, pixel(col), pixel(row)});
  if (here == here) return number(member, here);
  if (!grid.doubtful) return kNoSource;
  for (std::int64_t ring = 1; ring <= kBelievedRings; ++ring) {
    Named found;
    look_at_ring(members, member, grid, col, row, ring, found);
    if (found.member) return number(*found.member, found.value);
  }
  const NameGrid full(member, Detail::kFull);
  const float name =
      pixel_name(members, full, {&member, pixel(col * full.across), pixel(row * full.down)});
  return name == name ? number(member, name) : kNoSource;
}

float SourceFinder::pixel_name(const GroupMembers& members, const NameGrid& grid,
                               const NamePixel& at) {
  const GroupMember& member = *at.member;
  const float value = memo_.at(*member.file, *member.reader, grid.level, grid.band, at.col, at.row);
  if (member.file->source_band == 0) return member.shows(value) ? value : kNoValue;
  return !grid.doubtful || has_company(members, at, value) ? value : kNoValue;
}

bool SourceFinder::has_company(const GroupMembers& members, const NamePixel& at, float value) {
  constexpr std::pair<int, int> kNeighbours[] = {{-1, 0},  {1, 0},  {0, -1}, {0, 1},
                                                 {-1, -1}, {1, -1}, {-1, 1}, {1, 1}};
  if (value != value) return false;
  const auto inner =
      memo_.inner(*at.member->file, at.member->level, at.member->file->source_band, at.col, at.row);
  if (inner)
    return neighbours_like(inner->pixel, inner->stride, value) >= kCompany &&
           is_known(*at.member, value);
  int company = 0;
  for (const auto& [dc, dr] : kNeighbours) {
    const auto beside = continued(members, {at.member, at.col + dc, at.row + dr});
    if (!beside || beside->member->file->source_band == 0) continue;
    const GroupMember& member = *beside->member;
    const float other = memo_.at(*member.file, *member.reader, member.level,
                                 member.file->source_band, beside->col, beside->row);
    const bool same = beside->member == at.member
                          ? other == value
                          : ids_.of_contributor(member.number, other) ==
                                ids_.of_contributor(at.member->number, value);
    company += same ? 1 : 0;
    if (company == kCompany) return is_known(*at.member, value);
  }
  return false;
}

bool SourceFinder::is_known(const GroupMember& member, float value) {
  if (member.file == known_file_ && value == known_value_) return true;
  if (ids_.of_contributor(member.number, value) == kNoSource) return false;
  known_file_ = member.file;
  known_value_ = value;
  return true;
}

std::optional<SourceFinder::NamePixel> SourceFinder::continued(const GroupMembers& members,
                                                               NamePixel at) const {
  const auto inside = [](const GroupMember& member, std::int64_t col, std::int64_t row) {
    return col >= 0 && row >= 0 && col < member.size().width && row < member.size().height;
  };
  if (inside(*at.member, at.col, at.row)) return at;
  const auto& list = members.members;
  for (auto other = list.rbegin(); other != list.rend(); ++other) {
    const auto whole = static_cast<double>(at.member->place.col + at.col) + 0.5;
    const std::int64_t col = pixel(members.column_in(*other, whole));
    const std::int64_t row = at.member->place.row + at.row - other->place.row;
    if (inside(*other, col, row)) return NamePixel{&*other, col, row};
  }
  return std::nullopt;
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

SourceId SourceFinder::nearest(const GroupMembers& members, double col, double row, double reach,
                               Detail detail) {
  // Rings of growing size: the first ring with a name is near enough, and its nearest pixel (first
  // in row order among equals, the upper file where two have it) is taken.
  for (std::int64_t ring = 0; ring <= kFarthest; ++ring) {
    Named found;
    for (auto member = members.members.rbegin(); member != members.members.rend(); ++member) {
      const NameGrid grid(*member, detail);
      const double scale = std::fmax(grid.across, grid.down);
      if (ring > static_cast<std::int64_t>(std::ceil(reach * scale)) + 1) continue;
      look_at_ring(members, *member, grid, members.column_in(*member, col),
                   row - static_cast<double>(member->place.row), ring, found);
    }
    if (!found.member) continue;
    return found.member->file->source_band ? number(*found.member, found.value)
                                           : ids_.of_file(found.member->number);
  }
  return kNoSource;
}

void SourceFinder::look_at_ring(const GroupMembers& members, const GroupMember& member,
                                const NameGrid& grid, double col, double row, std::int64_t ring,
                                Named& nearest) {
  const double scale = std::fmax(grid.across, grid.down);
  const double x = col * grid.across, y = row * grid.down;
  const std::int64_t c0 = pixel(x), r0 = pixel(y);
  for (std::int64_t r = r0 - ring; r <= r0 + ring; ++r) {
    const bool edge = r == r0 - ring || r == r0 + ring;
    for (std::int64_t c = c0 - ring; c <= c0 + ring; c += edge || ring == 0 ? 1 : 2 * ring) {
      const NamePixel own{&member, c, r};
      const auto at = grid.doubtful ? continued(members, own) : own;
      if (!at) continue;
      const float value = at->member == &member
                              ? pixel_name(members, grid, *at)
                              : pixel_name(members, NameGrid(*at->member, Detail::kSampled), *at);
      // A neighbour without names of its own has only its elevation to show.
      if (value != value || (grid.doubtful && at->member->file->source_band == 0)) continue;
      const double dc = static_cast<double>(c) + 0.5 - x, dr = static_cast<double>(r) + 0.5 - y;
      const Named here{at->member, value, (dc * dc + dr * dr) / (scale * scale), r + grid.place.row,
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
