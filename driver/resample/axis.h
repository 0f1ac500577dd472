#pragma once

#include <cstdint>
#include <vector>

namespace topobathy {

/// How the pixels of an output lie over source pixels along one axis: output pixel i covers [origin
/// + i*scale, origin + (i+1)*scale) in source pixels. Anchored to the whole request, so that
/// reading it in pieces changes nothing.
struct AxisMap {
  double origin = 0.0;
  double scale = 1.0;      ///< source pixels an output pixel; > 1 reduces
  std::int64_t limit = 0;  ///< source pixels are 0 .. limit-1
};

/// The source pixels that one output pixel is made of, along one axis.
struct Taps {
  std::int64_t first = 0;
  std::vector<double> weights;  ///< not normalised; never empty

  std::int64_t last() const noexcept {
    return first + static_cast<std::int64_t>(weights.size()) - 1;
  }
};

enum class Kernel {
  kNearest,  ///< the pixel at the centre
  kAverage,  ///< by area; the centre pixel where the output is finer
  kBilinear,
  kCubic,        ///< Catmull-Rom (a = -0.5), as GDAL's
  kCubicSpline,  ///< B-spline
  kLanczos,      ///< 3 lobes
  kShoalest,     ///< the highest pixel by area
};

/// True where a weight can be negative, so that a sum over some of the taps says nothing.
bool has_negative_weights(Kernel kernel) noexcept;

/// The centre pixel of output pixel i.
std::int64_t centre_pixel(const AxisMap& axis, std::int64_t i) noexcept;

/// The pixels that output pixel i covers, weighted by overlap; the centre pixel alone where the
/// output is finer than the source.
Taps footprint(const AxisMap& axis, std::int64_t i);

/// The taps of an interpolating kernel, stretched by the scale where it reduces. Taps beyond the
/// source are dropped.
Taps kernel_taps(const AxisMap& axis, std::int64_t i, Kernel kernel);

}  // namespace topobathy
