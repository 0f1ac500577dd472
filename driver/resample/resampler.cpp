#include "driver/resample/resampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace topobathy {
namespace {

/// What one output column or row is made of; indices are relative to the piece of source at hand.
struct AxisPixel {
  Taps cover;   ///< footprint
  Taps smooth;  ///< the kernel's taps (equal to cover for kAverage)
  Taps linear;  ///< what kernels with negative lobes fall back to
  std::int64_t centre = 0;
  double position = 0.0;  ///< of the centre, source pixels
};

std::vector<AxisPixel> axis_pixels(const AxisMap& axis, Kernel kernel, std::int64_t begin,
                                   std::int64_t count, std::int64_t source_begin) {
  std::vector<AxisPixel> pixels(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    AxisPixel& pixel = pixels[static_cast<std::size_t>(i)];
    pixel.cover = footprint(axis, begin + i);
    const bool by_area =
        kernel == Kernel::kAverage || kernel == Kernel::kNearest || kernel == Kernel::kShoalest;
    pixel.smooth = by_area ? pixel.cover : kernel_taps(axis, begin + i, kernel);
    if (has_negative_weights(kernel))
      pixel.linear = kernel_taps(axis, begin + i, Kernel::kBilinear);
    for (Taps* taps : {&pixel.cover, &pixel.smooth, &pixel.linear})
      taps->first -= source_begin;
    pixel.centre = centre_pixel(axis, begin + i) - source_begin;
    pixel.position = axis.origin + (static_cast<double>(begin + i) + 0.5) * axis.scale -
                     static_cast<double>(source_begin);
  }
  return pixels;
}

struct WeightedSum {
  double value = 0.0;
  double weight = 0.0;
  bool complete = true;  ///< every tap was valid
};

WeightedSum weigh(const Plane<float>& plane, const Taps& x, const Taps& y) {
  WeightedSum sum;
  for (std::size_t j = 0; j < y.weights.size(); ++j) {
    const float* row = plane.row(y.first + static_cast<std::int64_t>(j)) + x.first;
    for (std::size_t i = 0; i < x.weights.size(); ++i) {
      if (std::isnan(row[i])) {
        sum.complete = false;
        continue;
      }
      const double weight = x.weights[i] * y.weights[j];
      sum.value += weight * static_cast<double>(row[i]);
      sum.weight += weight;
    }
  }
  return sum;
}

float weighted_mean(const Plane<float>& plane, const AxisPixel& x, const AxisPixel& y,
                    Kernel kernel) {
  const WeightedSum area = weigh(plane, x.cover, y.cover);
  if (area.weight <= 0.0) return kNoValue;
  if (kernel == Kernel::kAverage) return static_cast<float>(area.value / area.weight);
  WeightedSum sum = weigh(plane, x.smooth, y.smooth);
  if (has_negative_weights(kernel) && !sum.complete) sum = weigh(plane, x.linear, y.linear);
  if (sum.weight <= 0.0) sum = area;  // only the rim of the kernel touches a valid pixel
  return static_cast<float>(sum.value / sum.weight);
}

/// A pixel of the footprint, relative to the piece of source.
struct Pick {
  std::int64_t col = -1;
  std::int64_t row = -1;
  bool found() const noexcept { return col >= 0; }
};

/// The first pixel, in rows, of those with the least `cost`; pixels of infinite cost are no
/// candidates.
template <class Cost>
Pick cheapest(const AxisPixel& x, const AxisPixel& y, const Cost& cost) {
  Pick pick;
  double least = std::numeric_limits<double>::infinity();
  for (std::int64_t row = y.cover.first; row <= y.cover.last(); ++row)
    for (std::int64_t col = x.cover.first; col <= x.cover.last(); ++col) {
      const double candidate = cost(col, row);
      if (candidate >= least) continue;
      least = candidate;
      pick = {col, row};
    }
  return pick;
}

Pick nearest_source(const Plane<SourceId>& plane, const AxisPixel& x, const AxisPixel& y) {
  if (plane.at(x.centre, y.centre) != kNoSource) return {x.centre, y.centre};
  return cheapest(x, y, [&](std::int64_t col, std::int64_t row) {
    if (plane.at(col, row) == kNoSource) return std::numeric_limits<double>::infinity();
    const double dx = static_cast<double>(col) + 0.5 - x.position;
    const double dy = static_cast<double>(row) + 0.5 - y.position;
    return dx * dx + dy * dy;
  });
}

Pick highest(const Plane<float>& elevation, const AxisPixel& x, const AxisPixel& y) {
  return cheapest(x, y, [&](std::int64_t col, std::int64_t row) {
    const float value = elevation.at(col, row);
    return std::isnan(value) ? std::numeric_limits<double>::infinity()
                             : -static_cast<double>(value);
  });
}

float take(const Plane<float>& plane, Pick pick) {
  return pick.found() ? plane.at(pick.col, pick.row) : kNoValue;
}
SourceId take(const Plane<SourceId>& plane, Pick pick) {
  return pick.found() ? plane.at(pick.col, pick.row) : kNoSource;
}

void shape(const LatticeWindow& output, const BandSelection& wanted, LayerPlanes& result) {
  result.window = output;
  if (wanted.elevation) result.elevation.reshape(output.width, output.height);
  if (wanted.uncertainty) result.uncertainty.reshape(output.width, output.height);
  if (wanted.source) result.source.reshape(output.width, output.height);
}

}  // namespace

Resampler::Resampler(const AxisMap& columns, const AxisMap& rows, Kernel kernel)
    : columns_(columns), rows_(rows), kernel_(kernel) {}

BandSelection Resampler::planes_needed(const BandSelection& wanted) const noexcept {
  BandSelection needed = wanted;
  if (kernel_ == Kernel::kShoalest) needed.elevation = true;
  return needed;
}

LatticeWindow Resampler::source_window(const LatticeWindow& output) const {
  const auto edges = [this](const AxisMap& axis, std::int64_t begin, std::int64_t count) {
    const auto ends = axis_pixels(axis, kernel_, begin, 1, 0);
    const auto far_ends = axis_pixels(axis, kernel_, begin + count - 1, 1, 0);
    const AxisPixel& a = ends.front();
    const AxisPixel& b = far_ends.front();
    std::int64_t first = std::min({a.cover.first, a.smooth.first, a.centre});
    std::int64_t last = std::max({b.cover.last(), b.smooth.last(), b.centre});
    if (has_negative_weights(kernel_)) {
      first = std::min(first, a.linear.first);
      last = std::max(last, b.linear.last());
    }
    return std::make_pair(first, last + 1);
  };
  const auto [left, right] = edges(columns_, output.col, output.width);
  const auto [top, bottom] = edges(rows_, output.row, output.height);
  return LatticeWindow::from_edges(left, top, right, bottom);
}

void Resampler::run(const LayerPlanes& source, const LatticeWindow& output,
                    const BandSelection& wanted, LayerPlanes& result) const {
  shape(output, wanted, result);
  const auto columns = axis_pixels(columns_, kernel_, output.col, output.width, source.window.col);
  const auto rows = axis_pixels(rows_, kernel_, output.row, output.height, source.window.row);
  const bool mixes = kernel_ != Kernel::kNearest && kernel_ != Kernel::kShoalest;
  for (std::int64_t r = 0; r < output.height; ++r) {
    const AxisPixel& y = rows[static_cast<std::size_t>(r)];
    for (std::int64_t c = 0; c < output.width; ++c) {
      const AxisPixel& x = columns[static_cast<std::size_t>(c)];
      const Pick pick =
          kernel_ == Kernel::kShoalest ? highest(source.elevation, x, y) : Pick{x.centre, y.centre};
      if (wanted.elevation)
        result.elevation.at(c, r) =
            mixes ? weighted_mean(source.elevation, x, y, kernel_) : take(source.elevation, pick);
      if (wanted.uncertainty)
        result.uncertainty.at(c, r) = mixes ? weighted_mean(source.uncertainty, x, y, kernel_)
                                            : take(source.uncertainty, pick);
      if (wanted.source)
        result.source.at(c, r) =
            take(source.source, mixes ? nearest_source(source.source, x, y) : pick);
    }
  }
}

}  // namespace topobathy
