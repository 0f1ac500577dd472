#include "providers/raster/source_finder.h"

#include <algorithm>
#include <cmath>

namespace topobathy {
namespace {

constexpr std::int64_t kFarthest =
    64;  // pixels; a lattice pixel of a chosen overview covers two to eight

/// Position in the file's own pixels, the turn round the world taken out.
template <class Members>
double column_in_file(const Members& members, const GroupMember& member, double col) noexcept {
  const double own = col - static_cast<double>(member.place.col);
  const auto period = static_cast<double>(members.group->period);
  return period > 0 ? own - period * std::floor(own / period) : own;
}

/// floor, without a call into libm for every pixel: positions are far above -2^30.
std::int64_t pixel(double position) noexcept {
  constexpr double kLift = 1073741824.0;
  return static_cast<std::int64_t>(position + kLift) - static_cast<std::int64_t>(kLift);
}

}  // namespace

std::optional<SourceId> SourceFinder::only(const Contributors& members) const noexcept {
  const auto& list = members.members;
  if (list.size() != 1 || list.front()->file->source_band != 0) return std::nullopt;
  return ids_.of_file(list.front()->number);
}

float SourceFinder::elevation_of(const GroupMember& member, double col, double row) {
  return memo_.at(*member.file, *member.reader, member.level, member.file->elevation_band,
                  pixel(col), pixel(row));
}

SourceId SourceFinder::at(const Contributors& members, double col, double row, double reach) {
  const auto& list = members.members;
  for (auto member = list.rbegin(); member != list.rend(); ++member) {
    const double own_col = column_in_file(members, **member, col);
    const double own_row = row - static_cast<double>((*member)->place.row);
    // Of one file alone it need not be asked whether it is valid: whatever is valid here came from
    // it.
    if (list.size() == 1 || (*member)->shows(elevation_of(**member, own_col, own_row)))
      return of_member(**member, own_col, own_row, reach);
  }
  for (auto member = list.rbegin(); member != list.rend(); ++member) {
    const double own_col = column_in_file(members, **member, col);
    const double own_row = row - static_cast<double>((*member)->place.row);
    const auto width = static_cast<double>((*member)->size().width),
               height = static_cast<double>((*member)->size().height);
    if (own_col > -reach && own_row > -reach && own_col < width + reach && own_row < height + reach)
      return of_member(**member, own_col, own_row, reach);
  }
  return kNoSource;
}

float SourceFinder::elevation_at(const GroupMembers& members, double col, double row) {
  for (auto member = members.members.rbegin(); member != members.members.rend(); ++member) {
    const float here = elevation_of(*member, column_in_file(members, *member, col),
                                    row - static_cast<double>(member->place.row));
    if (member->shows(here)) return here;
  }
  return kNoValue;
}

SourceId SourceFinder::of_member(const GroupMember& member, double col, double row, double reach) {
  if (member.file->source_band == 0) return ids_.of_file(member.number);
  return contributor(member, col, row, reach);
}

SourceId SourceFinder::contributor(const GroupMember& member, double col, double row,
                                   double reach) {
  const double own_col = col * member.source_across, own_row = row * member.source_down;
  const float value = memo_.at(*member.file, *member.reader, member.source_level,
                               member.file->source_band, pixel(own_col), pixel(own_row));
  if (value == value) return number(member, value);
  return number(member,
                nearest_contributor(member, member.source_level, own_col, own_row,
                                    reach * std::fmax(member.source_across, member.source_down)));
}

float SourceFinder::nearest_contributor(const GroupMember& member, int level, double col,
                                        double row, double reach) {
  const std::int64_t limit =
      std::min<std::int64_t>(kFarthest, static_cast<std::int64_t>(std::ceil(reach)) + 1);
  const std::int64_t c0 = pixel(col), r0 = pixel(row);
  // Rings of growing size: the first ring with a value is near enough, and its nearest value (first
  // in row order among equals) is taken.
  for (std::int64_t ring = 1; ring <= limit; ++ring) {
    double nearest = 1e300;
    float found = kNoValue;
    for (std::int64_t r = r0 - ring; r <= r0 + ring; ++r) {
      const bool edge = r == r0 - ring || r == r0 + ring;
      for (std::int64_t c = c0 - ring; c <= c0 + ring; c += edge ? 1 : 2 * ring) {
        const float value =
            memo_.at(*member.file, *member.reader, level, member.file->source_band, c, r);
        const double dc = static_cast<double>(c) + 0.5 - col,
                     dr = static_cast<double>(r) + 0.5 - row;
        const double distance = dc * dc + dr * dr;
        if (value != value || distance >= nearest) continue;
        nearest = distance;
        found = value;
      }
    }
    if (found == found) return found;
  }
  return kNoValue;
}

SourceId SourceFinder::of_value(const GroupMember& member, float value) {
  if (value != value) return kNoSource;
  if (member.file != last_file_ || value != last_value_) {
    last_file_ = member.file;
    last_value_ = value;
    last_id_ = ids_.of_contributor(member.number, value);
  }
  return last_id_;
}

SourceId SourceFinder::number(const GroupMember& member, float value) {
  const SourceId id = of_value(member, value);
  return id == kNoSource ? ids_.of_file(member.number) : id;
}

}  // namespace topobathy
