#include "utils/tiles/smooth.h"

#include <array>
#include <cmath>

namespace topobathy {
namespace {

constexpr std::array<double, 5> kWeights = {1, 4, 6, 4, 1};

/// A sum of weighted values and the sum of their weights.
struct Sum {
  double values = 0.0;
  double weights = 0.0;
};

/// Along the rows.
Plane<Sum> along(const Plane<float>& plane) {
  Plane<Sum> sums(plane.width() - 2 * kSmoothMargin, plane.height());
  for (std::int64_t r = 0; r < sums.height(); ++r) {
    const float* in = plane.row(r);
    Sum* out = sums.row(r);
    for (std::int64_t c = 0; c < sums.width(); ++c) {
      Sum sum;
      for (std::int64_t k = 0; k < 5; ++k) {
        const double value = static_cast<double>(in[c + k]);
        const double weight = value == value ? kWeights[static_cast<std::size_t>(k)] : 0.0;
        sum.values += value == value ? weight * value : 0.0;
        sum.weights += weight;
      }
      out[c] = sum;
    }
  }
  return sums;
}

}  // namespace

Plane<float> smooth(const Plane<float>& plane) {
  const Plane<Sum> sums = along(plane);
  Plane<float> smoothed(sums.width(), sums.height() - 2 * kSmoothMargin, kNoValue);
  for (std::int64_t r = 0; r < smoothed.height(); ++r) {
    const float* centres = plane.row(r + kSmoothMargin) + kSmoothMargin;
    for (std::int64_t c = 0; c < smoothed.width(); ++c) {
      if (std::isnan(centres[c])) continue;
      Sum sum;
      for (std::int64_t k = 0; k < 5; ++k) {
        const Sum& line = sums.at(c, r + k);
        sum.values += kWeights[static_cast<std::size_t>(k)] * line.values;
        sum.weights += kWeights[static_cast<std::size_t>(k)] * line.weights;
      }
      smoothed.at(c, r) = static_cast<float>(sum.values / sum.weights);
    }
  }
  return smoothed;
}

}  // namespace topobathy
