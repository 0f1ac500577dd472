#include "providers/align/lonlat_hull.h"

#include <algorithm>
#include <cmath>

namespace topobathy {
namespace {

constexpr double kTurn = 360.0;

struct Arc {
  double west, east;
};

Arc arc_of(const LonLatBox& box) noexcept {
  const double shift = kTurn * std::floor((box.west + 180.0) / kTurn);
  return {box.west - shift, box.east - shift};
}

/// The arc that leaves out the widest gap between the arcs. Meridians are walked eastward from the
/// first arc; what passes 180 covers the beginning again.
Arc smallest_arc(std::vector<Arc> arcs) {
  std::sort(arcs.begin(), arcs.end(), [](const Arc& a, const Arc& b) { return a.west < b.west; });
  double reached = arcs.front().east;
  for (const Arc& arc : arcs)
    reached = std::max(reached, arc.east);
  // The gap behind the last arc, up to the first one's return.
  Arc best{arcs.front().west, reached};
  double widest = arcs.front().west + kTurn - reached;
  double end = arcs.front().east;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    const double covered = std::max(end, reached - kTurn);
    if (arcs[i].west - covered > widest) {
      widest = arcs[i].west - covered;
      best = {arcs[i].west, std::max(covered + kTurn, reached)};
    }
    end = std::max(end, arcs[i].east);
  }
  return widest > 0 ? best : Arc{-180.0, 180.0};
}

}  // namespace

std::optional<LonLatBox> lonlat_hull(const std::vector<LonLatBox>& boxes) {
  if (boxes.empty()) return std::nullopt;
  std::vector<Arc> arcs;
  double south = boxes.front().south, north = boxes.front().north;
  for (const LonLatBox& box : boxes) {
    arcs.push_back(arc_of(box));
    south = std::min(south, box.south);
    north = std::max(north, box.north);
  }
  const Arc arc = smallest_arc(std::move(arcs));
  return LonLatBox{arc.west, south, arc.east, north};
}

}  // namespace topobathy
