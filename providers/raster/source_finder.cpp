#include "providers/raster/source_finder.h"

#include <algorithm>
#include <cmath>

namespace topobathy {
namespace {

constexpr std::int64_t kFarthest =
    64;  // pixels; a lattice pixel of a chosen overview covers two to eight

/// Position in the file's own pixels, the turn round the world taken out.
double column_in_file(const GroupMembers& members, const GroupMember& member, double col) noexcept {
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

std::optional<SourceId> SourceFinder::only(const GroupMembers& members) const noexcept {
  const auto& list = members.members;
  if (list.size() != 1 || list.front().file->source_band != 0) return std::nullopt;
  return ids_.of_file(list.front().number);
}

SourceId SourceFinder::at(const GroupMembers& members, double col, double row, double reach) {
  const auto& list = members.members;
  if (list.size() == 1) {  // whatever is valid here came from it
    const GroupMember& member = list.front();
    return of_member(member, column_in_file(members, member, col), row - static_cast<double>(member.place.row), reach);
  }
  for (auto member = list.rbegin(); member != list.rend(); ++member) {
    const double own_col = column_in_file(members, *member, col);
    const double own_row = row - static_cast<double>(member->place.row);
    const float here = memo_.at(*member->file, *member->reader, member->level,
                                member->file->elevation_band, pixel(own_col), pixel(own_row));
    if (here == here) return of_member(*member, own_col, own_row, reach);
  }
  for (auto member = list.rbegin(); member != list.rend(); ++member) {
    const double own_col = column_in_file(members, *member, col);
    const double own_row = row - static_cast<double>(member->place.row);
    const auto width = static_cast<double>(member->size().width),
               height = static_cast<double>(member->size().height);
    if (own_col > -reach && own_row > -reach && own_col < width + reach && own_row < height + reach)
      return of_member(*member, own_col, own_row, reach);
  }
  return kNoSource;
}

float SourceFinder::elevation_at(const GroupMembers& members, double col, double row) {
  for (auto member = members.members.rbegin(); member != members.members.rend(); ++member) {
    const float here =
        memo_.at(*member->file, *member->reader, member->level, member->file->elevation_band,
                 pixel(column_in_file(members, *member, col)),
                 pixel(row - static_cast<double>(member->place.row)));
    const bool within = here >= static_cast<float>(member->minimum.value_or(-1e30)) &&
                        here <= static_cast<float>(member->maximum.value_or(1e30));
    if (within) return here;
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
  return number(member, nearest_contributor(member, member.source_level, own_col, own_row,
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
