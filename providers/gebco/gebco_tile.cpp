#include "providers/gebco/gebco_tile.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace topobathy {

std::string GebcoTile::name() const {
  char text[32];
  std::snprintf(text, sizeof text, "%c%02d_%c%03d", south < 0 ? 's' : 'n', std::abs(south),
                west < 0 ? 'w' : 'e', std::abs(west));
  return text;
}

LonLatBox GebcoTile::box() const noexcept {
  return {static_cast<double>(west), static_cast<double>(south), static_cast<double>(west + 1),
          static_cast<double>(south + 1)};
}

GebcoTile gebco_tile(const LonLatBox& box) noexcept {
  return {static_cast<int>(std::lround(box.south)), static_cast<int>(std::lround(box.west))};
}

bool GebcoPixels::empty() const noexcept {
  return std::all_of(elevation.begin(), elevation.end(), [](float z) { return std::isnan(z); });
}

float gebco_metres(double value) noexcept {
  constexpr double kNoData = 32767.0;
  return std::fabs(value) < kNoData ? static_cast<float>(value)
                                    : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace topobathy
