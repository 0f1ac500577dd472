#include "utils/tiles/hillshade.h"

#include <cmath>

namespace topobathy {
namespace {

constexpr float kGain = 8.0F;
constexpr float kSoftness = 3.2F;
/// Sun: azimuth 315, altitude 45 degrees; east, north, up.
constexpr float kSunEast = -0.5F, kSunNorth = 0.5F, kSunUp = 0.70710678F;

/// Three rows of a plane around a pixel.
class Around {
 public:
  Around(const Plane<float>& plane, std::int64_t c, std::int64_t r) noexcept
      : rows_{plane.row(r - 1) + c, plane.row(r) + c, plane.row(r + 1) + c} {}

  float centre() const noexcept { return rows_[1][0]; }
  bool whole() const noexcept {
    const float sum = rows_[0][-1] + rows_[0][0] + rows_[0][1] + rows_[1][-1] + rows_[1][1] +
                      rows_[2][-1] + rows_[2][0] + rows_[2][1];
    return sum == sum;
  }
  /// Height of a neighbour: as it is, else mirrored through the centre, else the centre's own.
  float at(int dx, int dy) const noexcept {
    const float here = rows_[1 + dy][dx];
    if (here == here) return here;
    const float there = rows_[1 - dy][-dx];
    return there == there ? 2.0F * centre() - there : centre();
  }
  float raw(int dx, int dy) const noexcept { return rows_[1 + dy][dx]; }

 private:
  const float* rows_[3];
};

/// Horn's differences over eight pixels, metres; `get` gives a neighbour.
template <class Get>
float eastward(const Get& get) noexcept {
  return (get(1, -1) + 2.0F * get(1, 0) + get(1, 1)) -
         (get(-1, -1) + 2.0F * get(-1, 0) + get(-1, 1));
}
template <class Get>
float northward(const Get& get) noexcept {
  return (get(-1, -1) + 2.0F * get(0, -1) + get(1, -1)) -
         (get(-1, 1) + 2.0F * get(0, 1) + get(1, 1));
}

}  // namespace

float light_on(float east, float north) noexcept {
  const float slope = std::sqrt(east * east + north * north);
  const float gain = kGain / (1.0F + kSoftness * slope);
  const float e = gain * east, n = gain * north;
  const float light = (kSunUp - kSunEast * e - kSunNorth * n) / std::sqrt(1.0F + e * e + n * n);
  return light > 0.0F ? light : 0.0F;
}

Plane<float> hillshade(const Lattice& lattice, const Plane<float>& elevation,
                       const LatticeWindow& window, const LatticeWindow& shaded) {
  Plane<float> light(shaded.width, shaded.height, kNoValue);
  const std::int64_t left = shaded.col - window.col, top = shaded.row - window.row;
  for (std::int64_t r = 0; r < shaded.height; ++r) {
    const GroundPixel ground = lattice.ground_pixel(shaded.row + r);
    const auto per_east = static_cast<float>(1.0 / (8.0 * ground.width));
    const auto per_north = static_cast<float>(1.0 / (8.0 * ground.height));
    for (std::int64_t c = 0; c < shaded.width; ++c) {
      const Around around(elevation, left + c, top + r);
      if (std::isnan(around.centre())) continue;
      const auto raw = [&](int dx, int dy) { return around.raw(dx, dy); };
      const auto filled = [&](int dx, int dy) { return around.at(dx, dy); };
      const bool whole = around.whole();
      const float east = whole ? eastward(raw) : eastward(filled);
      const float north = whole ? northward(raw) : northward(filled);
      light.at(c, r) = light_on(east * per_east, north * per_north);
    }
  }
  return light;
}

}  // namespace topobathy
