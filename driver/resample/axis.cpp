#include "driver/resample/axis.h"

#include <algorithm>
#include <cmath>

namespace topobathy {
namespace {

/// Overlaps and deviations below this share of a pixel are rounding, not geometry.
constexpr double kPixelNoise = 1e-6;
constexpr double kPi = 3.14159265358979323846;

double triangle(double t) noexcept {
  return t < 1.0 ? 1.0 - t : 0.0;
}

// Keys (1981), a = -0.5.
double catmull_rom(double t) noexcept {
  if (t < 1.0) return (1.5 * t - 2.5) * t * t + 1.0;
  if (t < 2.0) return ((-0.5 * t + 2.5) * t - 4.0) * t + 2.0;
  return 0.0;
}

double b_spline(double t) noexcept {
  if (t < 1.0) return (0.5 * t - 1.0) * t * t + 2.0 / 3.0;
  if (t < 2.0) return (2.0 - t) * (2.0 - t) * (2.0 - t) / 6.0;
  return 0.0;
}

double lanczos(double t) noexcept {
  if (t < 1e-12) return 1.0;
  if (t >= 3.0) return 0.0;
  const double a = kPi * t;
  return 3.0 * std::sin(a) * std::sin(a / 3.0) / (a * a);
}

double radius(Kernel kernel) noexcept {
  switch (kernel) {
    case Kernel::kBilinear:
      return 1.0;
    case Kernel::kCubic:
    case Kernel::kCubicSpline:
      return 2.0;
    case Kernel::kLanczos:
      return 3.0;
    default:
      return 0.5;
  }
}

double weight_at(Kernel kernel, double t) noexcept {
  switch (kernel) {
    case Kernel::kBilinear:
      return triangle(t);
    case Kernel::kCubic:
      return catmull_rom(t);
    case Kernel::kCubicSpline:
      return b_spline(t);
    case Kernel::kLanczos:
      return lanczos(t);
    default:
      return 0.0;
  }
}

}  // namespace

bool has_negative_weights(Kernel kernel) noexcept {
  return kernel == Kernel::kCubic || kernel == Kernel::kLanczos;
}

std::int64_t centre_pixel(const AxisMap& axis, std::int64_t i) noexcept {
  const double centre = axis.origin + (static_cast<double>(i) + 0.5) * axis.scale;
  // A centre on an edge between two pixels, but for rounding, belongs to the second one.
  const auto pixel = static_cast<std::int64_t>(std::floor(centre + kPixelNoise));
  return std::clamp<std::int64_t>(pixel, 0, axis.limit - 1);
}

Taps footprint(const AxisMap& axis, std::int64_t i) {
  if (axis.scale < 1.0 - kPixelNoise) return {centre_pixel(axis, i), {1.0}};
  const double begin = axis.origin + static_cast<double>(i) * axis.scale;
  const double end = begin + axis.scale;
  const auto first =
      std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(begin + kPixelNoise)));
  const auto stop =
      std::min<std::int64_t>(axis.limit, static_cast<std::int64_t>(std::ceil(end - kPixelNoise)));
  if (first >= stop) return {centre_pixel(axis, i), {1.0}};
  Taps taps{first, {}};
  for (std::int64_t pixel = first; pixel < stop; ++pixel) {
    const auto left = static_cast<double>(pixel);
    taps.weights.push_back(std::min(end, left + 1.0) - std::max(begin, left));
  }
  return taps;
}

Taps kernel_taps(const AxisMap& axis, std::int64_t i, Kernel kernel) {
  const double stretch = std::max(1.0, axis.scale);
  const double reach = radius(kernel) * stretch;
  const double centre = axis.origin + (static_cast<double>(i) + 0.5) * axis.scale;
  const auto first =
      std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(centre - reach)));
  const auto last = std::min<std::int64_t>(
      axis.limit - 1, static_cast<std::int64_t>(std::ceil(centre + reach)) - 1);
  if (first > last) return {centre_pixel(axis, i), {1.0}};
  Taps taps{first, {}};
  for (std::int64_t pixel = first; pixel <= last; ++pixel) {
    const double distance = std::abs(static_cast<double>(pixel) + 0.5 - centre) / stretch;
    taps.weights.push_back(weight_at(kernel, distance));
  }
  return taps;
}

}  // namespace topobathy
