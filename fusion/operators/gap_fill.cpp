#include "fusion/operators/gap_fill.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <tuple>

#include "fusion/operators/holes.h"

namespace topobathy {
namespace {

/// A hole's extent may pass the gap by this share: 3 pixels of 5 m fit a gap of 15 m however the
/// sizes round.
constexpr double kRoundingSlack = 1e-9;

struct RingPixel {
  std::int64_t row, col;
  double elevation;
  double uncertainty;  // NaN = not stated
  SourceId source;
};

bool fits_on_ground(const Hole& hole, const std::vector<GroundPixel>& rows, double gap) {
  double widest = 0.0;
  double height = 0.0;
  for (std::int64_t row = hole.top; row < hole.bottom; ++row) {
    widest = std::max(widest, rows[static_cast<std::size_t>(row)].width);
    height += rows[static_cast<std::size_t>(row)].height;
  }
  const double limit = gap * (1.0 + kRoundingSlack);
  return static_cast<double>(hole.right - hole.left) * widest <= limit && height <= limit;
}

class HoleFiller {
 public:
  HoleFiller(Plane<float>& elevation, Plane<float>& uncertainty, Plane<SourceId>& source,
             const std::vector<GroundPixel>& rows)
      : elevation_(elevation), uncertainty_(uncertainty), source_(source), rows_(rows) {}

  std::int64_t fill(const Hole& hole) {
    gather_ring(hole);
    std::int64_t filled = 0;
    for (const PixelRun& run : hole.runs) {
      for (std::int64_t col = run.begin; col < run.end; ++col)
        fill_pixel(col, run.row);
      filled += run.end - run.begin;
    }
    return filled;
  }

 private:
  /// Valid pixels that touch the hole, row-major, each once: sums and ties then have one order.
  void gather_ring(const Hole& hole) {
    ring_.clear();
    for (const PixelRun& run : hole.runs)
      for (std::int64_t row = run.row - 1; row <= run.row + 1; ++row)
        for (std::int64_t col = run.begin - 1; col <= run.end; ++col)
          if (!std::isnan(elevation_.at(col, row))) ring_.push_back(ring_pixel(col, row));
    const auto place = [](const RingPixel& p) { return std::make_tuple(p.row, p.col); };
    std::sort(ring_.begin(), ring_.end(),
              [&](const RingPixel& a, const RingPixel& b) { return place(a) < place(b); });
    ring_.erase(
        std::unique(ring_.begin(), ring_.end(),
                    [&](const RingPixel& a, const RingPixel& b) { return place(a) == place(b); }),
        ring_.end());
  }

  RingPixel ring_pixel(std::int64_t col, std::int64_t row) const {
    return {row, col, elevation_.at(col, row),
            uncertainty_.empty() ? kNoValue : uncertainty_.at(col, row),
            source_.empty() ? kNoSource : source_.at(col, row)};
  }

  void fill_pixel(std::int64_t col, std::int64_t row) {
    // The hole is a few metres across: the ground size of the filled pixel's own row serves for all
    // distances.
    const GroundPixel ground = rows_[static_cast<std::size_t>(row)];
    double weights = 0.0, sum = 0.0, sum_of_squares = 0.0;
    double stated_weights = 0.0, stated_sum = 0.0;
    double nearest = std::numeric_limits<double>::infinity();
    SourceId nearest_source = kNoSource;
    const double reference =
        ring_.front().elevation;  // sums of differences: squares of depths would cancel
    for (const RingPixel& pixel : ring_) {
      const double dx = static_cast<double>(pixel.col - col) * ground.width;
      const double dy = static_cast<double>(pixel.row - row) * ground.height;
      const double square = dx * dx + dy * dy;
      const double weight = 1.0 / square;
      const double difference = pixel.elevation - reference;
      weights += weight;
      sum += weight * difference;
      sum_of_squares += weight * difference * difference;
      if (!std::isnan(pixel.uncertainty)) {
        stated_weights += weight;
        stated_sum += weight * pixel.uncertainty;
      }
      if (square < nearest) {
        nearest = square;
        nearest_source = pixel.source;
      }
    }
    const double mean = sum / weights;
    elevation_.at(col, row) = static_cast<float>(reference + mean);
    if (!source_.empty()) source_.at(col, row) = nearest_source;
    if (uncertainty_.empty()) return;
    const double stated = stated_sum / stated_weights;  // 0/0 = NaN: none stated
    const double variance = std::max(0.0, sum_of_squares / weights - mean * mean);
    uncertainty_.at(col, row) = static_cast<float>(std::sqrt(stated * stated + variance));
  }

  Plane<float>& elevation_;
  Plane<float>& uncertainty_;
  Plane<SourceId>& source_;
  const std::vector<GroundPixel>& rows_;
  std::vector<RingPixel> ring_;
};

/// Most pixels that fit into `gap` metres at the smallest size a row of the plane has.
std::int64_t most_pixels(double gap, double smallest) {
  return static_cast<std::int64_t>(
      std::floor(std::min(gap * (1.0 + kRoundingSlack) / smallest, double{kMaxGapPixels})));
}

}  // namespace

int gap_fill_halo(double gap, GroundPixel pixel) {
  assert(gap >= 0.0);
  const double smallest = std::min(pixel.width, pixel.height);
  // One pixel for the ring, one so that a hole that fits cannot touch the edge.
  return static_cast<int>(
             std::ceil(std::min(gap * (1.0 + kRoundingSlack) / smallest, double{kMaxGapPixels}))) +
         2;
}

std::int64_t gap_fill(Plane<float>& elevation, Plane<float>& uncertainty, Plane<SourceId>& source,
                      const std::vector<GroundPixel>& rows, double gap) {
  assert(static_cast<std::int64_t>(rows.size()) == elevation.height());
  if (!(gap > 0.0) || elevation.empty()) return 0;
  GroundPixel smallest = rows.front();
  for (const GroundPixel& row : rows) {
    smallest.width = std::min(smallest.width, row.width);
    smallest.height = std::min(smallest.height, row.height);
  }
  HoleFiller filler(elevation, uncertainty, source, rows);
  std::int64_t filled = 0;
  for (const Hole& hole : enclosed_holes(elevation, most_pixels(gap, smallest.width),
                                         most_pixels(gap, smallest.height)))
    if (fits_on_ground(hole, rows, gap)) filled += filler.fill(hole);
  return filled;
}

}  // namespace topobathy
