#include "providers/align/box_image.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace topobathy {
namespace {

constexpr int kSteps = 64;  ///< along each edge of the box
/// A parabola's extreme lies among its three points when their rise is below twice their second
/// difference; a little more for cubics.
constexpr double kBendReach = 2.2;
/// Longitudes this near the world's edge (share of the world's width; 0.04 m) are on it.
constexpr double kEdgeTolerance = 1e-9;
/// Latitude where web Mercator's world is as high as wide, as a share of the pole's: 4 atan(e^pi) /
/// pi - 1 (85.0511 degrees). The pole itself has no image there.
constexpr double kSquareWorldLatitude = 0.945012541997851;

/// The edges of a box, counter-clockwise, first point repeated at the end.
struct Ring {
  std::vector<double> x, y;

  explicit Ring(const CrsBox& box) {
    const auto along = [](double from, double to, int step) {
      return step == 0 ? from : from + (to - from) * (static_cast<double>(step) / kSteps);
    };
    for (int i = 0; i < kSteps; ++i)
      add(along(box.left, box.right, i), box.bottom);
    for (int i = 0; i < kSteps; ++i)
      add(box.right, along(box.bottom, box.top, i));
    for (int i = 0; i < kSteps; ++i)
      add(along(box.right, box.left, i), box.top);
    for (int i = 0; i < kSteps; ++i)
      add(box.left, along(box.top, box.bottom, i));
    add(box.left, box.bottom);
  }
  void add(double px, double py) {
    x.push_back(px);
    y.push_back(py);
  }
};

/// Takes the jumps at the world's edge out of a ring's x, so that it may run beyond the edge.
/// \return how often the ring runs round the world, counter-clockwise
double unwrap(Ring& image, double world_width) {
  if (world_width <= 0.0) return 0.0;
  double first = std::numeric_limits<double>::quiet_NaN(), previous = first;
  for (double& x : image.x) {
    if (std::isnan(x)) continue;
    if (std::isnan(first)) first = previous = x;
    x -= world_width * std::round((x - previous) / world_width);
    previous = x;
  }
  return std::isnan(first) ? 0.0 : std::round((previous - first) / world_width);
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  /// The extreme that an edge has between the points it was looked at: that of the parabola through
  /// three neighbours, if it lies among them, and an eighth of their second difference further out
  /// for what the parabola misses. Straight edges have none.
  void include_bend(double before, double here, double after) {
    const double rise = after - before;
    const double bend = before - 2.0 * here + after;
    if (!(std::abs(rise) < kBendReach * std::abs(bend))) return;
    const double extreme = here - rise * rise / (8.0 * bend);
    include(extreme - bend / 8.0);
  }
};

Range range_of(const std::vector<double>& ring) {
  Range range;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    if (std::isnan(ring[i])) continue;
    range.include(ring[i]);
    if (i % kSteps != 0)
      range.include_bend(ring[i - 1], ring[i], ring[i + 1]);  // NaN neighbours add nothing
  }
  return range;
}

/// A ring that runs round the world once has a pole inside: the north pole if counter-clockwise
/// (seen from outside the Earth, longitudes run so round the north pole and the other way round the
/// south pole).
void include_pole(double turns, const CrsWorld& world, CrsBox& box) {
  if (turns == 0.0) return;
  box.left = -world.half_width;
  box.right = world.half_width;
  if (turns > 0.0)
    box.top = world.half_height;
  else
    box.bottom = -world.half_height;
}

CrsBox in_world(CrsBox box, const CrsWorld& world) {
  if (world.half_height > 0.0) {
    box.bottom = std::clamp(box.bottom, -world.half_height, world.half_height);
    box.top = std::clamp(box.top, -world.half_height, world.half_height);
  }
  if (world.half_width <= 0.0) return box;
  const double width = 2.0 * world.half_width;
  const double tolerance = kEdgeTolerance * width;
  if (box.right - box.left >= width - tolerance) {
    box.left = -world.half_width;
    box.right = world.half_width;
    return box;
  }
  const double shift = width * std::floor((box.left + world.half_width + tolerance) / width);
  box.left -= shift;
  box.right -= shift;
  return box;
}

/// The source box with its edges in order and without what the target cannot show.
CrsBox clamped_source(CrsBox box, const CrsWorld& source, const CrsWorld& target) {
  if (source.half_width > 0.0 && box.right < box.left) box.right += 2.0 * source.half_width;
  if (source.half_height <= 0.0) return box;
  const bool into_square = target.is_mercator() && !source.is_mercator();
  const double limit = source.half_height * (into_square ? kSquareWorldLatitude : 1.0);
  box.bottom = std::clamp(box.bottom, -limit, limit);
  box.top = std::clamp(box.top, -limit, limit);
  return box;
}

}  // namespace

std::optional<CrsBox> box_image(const Transformer& transformer, const CrsBox& box,
                                const CrsWorld& source, const CrsWorld& target) {
  Ring ring(clamped_source(box, source, target));
  transformer.transform(ring.x.size(), ring.x.data(), ring.y.data());
  const double turns = unwrap(ring, 2.0 * target.half_width);
  const Range x = range_of(ring.x);
  const Range y = range_of(ring.y);
  if (!(x.low <= x.high)) return std::nullopt;
  CrsBox image{x.low, y.low, x.high, y.high};
  include_pole(turns, target, image);
  return in_world(image, target);
}

}  // namespace topobathy
