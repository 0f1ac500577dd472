#include "utils/tiles/hillshade.h"

#include <cmath>

namespace topobathy {
namespace {

constexpr float kGain = 8.0F;
constexpr float kSoftness = 3.2F;
/// Sun: azimuth 315, altitude 45 degrees; east, north, up.
constexpr float kSunEast = -0.5F, kSunNorth = 0.5F, kSunUp = 0.70710678F;

/// Horn's differences over eight pixels, metres; `get(columns east, rows south)` gives a neighbour.
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

/// A row of pixels, with what turns differences into slopes.
struct Row {
  const float* above;
  const float* here;
  const float* below;
  float per_east, per_north;

  const float* line(int dy) const noexcept { return dy < 0 ? above : dy > 0 ? below : here; }
};

inline float lit(float east, float north) noexcept {
  const float slope = std::sqrt(east * east + north * north);
  const float gain = kGain / (1.0F + kSoftness * slope);
  const float e = gain * east, n = gain * north;
  const float light = (kSunUp - kSunEast * e - kSunNorth * n) / std::sqrt(1.0F + e * e + n * n);
  return light < 0.0F ? 0.0F : light;
}

/// Every pixel as if all its neighbours had a value; NaN where one has none.
void light_row(const Row& row, std::int64_t width, float* out) noexcept {
  for (std::int64_t c = 0; c < width; ++c) {
    const auto raw = [&](int dx, int dy) { return row.line(dy)[c + dx]; };
    out[c] = lit(eastward(raw) * row.per_east, northward(raw) * row.per_north);
  }
}

/// A pixel whose neighbours do not all have a value: they are mirrored through it, else level.
float light_at_edge(const Row& row, std::int64_t c) noexcept {
  const float centre = row.here[c];
  const auto filled = [&](int dx, int dy) {
    const float near = row.line(dy)[c + dx];
    if (near == near) return near;
    const float across = row.line(-dy)[c - dx];
    return across == across ? 2.0F * centre - across : centre;
  };
  return lit(eastward(filled) * row.per_east, northward(filled) * row.per_north);
}

}  // namespace

float light_on(float east, float north) noexcept {
  return lit(east, north);
}

Plane<float> hillshade(const Lattice& lattice, const Plane<float>& elevation,
                       const LatticeWindow& window, const LatticeWindow& shaded) {
  Plane<float> light(shaded.width, shaded.height);
  const std::int64_t left = shaded.col - window.col, top = shaded.row - window.row;
  for (std::int64_t r = 0; r < shaded.height; ++r) {
    const GroundPixel ground = lattice.ground_pixel(shaded.row + r);
    const Row row{elevation.row(top + r - 1) + left, elevation.row(top + r) + left,
                  elevation.row(top + r + 1) + left, static_cast<float>(0.125 / ground.width),
                  static_cast<float>(0.125 / ground.height)};
    float* const out = light.row(r);
    light_row(row, shaded.width, out);
    for (std::int64_t c = 0; c < shaded.width; ++c)
      if (std::isnan(row.here[c]))
        out[c] = kNoValue;
      else if (std::isnan(out[c]))
        out[c] = light_at_edge(row, c);
  }
  return light;
}

}  // namespace topobathy
