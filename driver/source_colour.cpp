#include "driver/source_colour.h"

#include <algorithm>
#include <cmath>

namespace topobathy {
namespace {

/// Mixes all bits of an id into all bits of the result (integer hash with full avalanche, so that
/// close ids part).
std::uint32_t mixed(std::uint32_t value) noexcept {
  value ^= value >> 16;
  value *= 0x7feb352dU;
  value ^= value >> 15;
  value *= 0x846ca68bU;
  value ^= value >> 16;
  return value;
}

int channel(double hue, double saturation, double lightness, double offset) noexcept {
  const double position = std::fmod(offset + hue * 12.0, 12.0);
  const double swing = saturation * std::min(lightness, 1.0 - lightness);
  const double value =
      lightness - swing * std::max(-1.0, std::min({position - 3.0, 9.0 - position, 1.0}));
  return static_cast<int>(std::lround(255.0 * value));
}

}  // namespace

Colour source_colour(SourceId id) noexcept {
  const std::uint32_t bits = mixed(id);
  const double hue = static_cast<double>(bits & 0xffffU) / 65536.0;
  constexpr double kSaturations[] = {0.55, 0.75, 0.95};
  constexpr double kLightnesses[] = {0.38, 0.50, 0.62, 0.72};
  const double saturation = kSaturations[(bits >> 16) % 3];
  const double lightness = kLightnesses[(bits >> 24) % 4];
  return {channel(hue, saturation, lightness, 0.0), channel(hue, saturation, lightness, 8.0),
          channel(hue, saturation, lightness, 4.0)};
}

}  // namespace topobathy
