#include "utils/tiles/colour_ramp.h"

namespace topobathy {
namespace {

using Stop = ColourRamp::Stop;

constexpr RampColour rgb(int code) {
  return {static_cast<float>(code >> 16 & 255), static_cast<float>(code >> 8 & 255),
          static_cast<float>(code & 255)};
}

/// Light where ships must look, dark where it is deep; about equal steps of lightness a factor of
/// two in depth. Land is quiet, so that the sea is the map's subject.
const std::vector<Stop>& chart_stops() {
  static const std::vector<Stop> stops = {
      {-11000, rgb(0x050f2c)}, {-6000, rgb(0x081c44)}, {-4000, rgb(0x0c2858)},
      {-2000, rgb(0x12386f)},  {-1000, rgb(0x194985)}, {-500, rgb(0x235c99)},
      {-200, rgb(0x3173ad)},   {-100, rgb(0x4086bc)},  {-50, rgb(0x549ac9)},
      {-30, rgb(0x67a9d2)},    {-20, rgb(0x7ab6da)},   {-10, rgb(0x96c8e3)},
      {-5, rgb(0xb0d8eb)},     {-2, rgb(0xc6e4f1)},    {0, rgb(0xd8eef6)},
      {0, rgb(0xeadfb5)},      {2, rgb(0xdfdcae)},     {10, rgb(0xc5d5a2)},
      {50, rgb(0xa9c78f)},     {100, rgb(0x9bbb82)},   {250, rgb(0xb5b97f)},
      {500, rgb(0xc8b07a)},    {1000, rgb(0xb8926a)},  {2000, rgb(0x9c7a63)},
      {3000, rgb(0xab9a90)},   {4000, rgb(0xd5cfca)},  {5500, rgb(0xffffff)},
  };
  return stops;
}

/// The sea alone: land is one pale colour.
const std::vector<Stop>& blues_stops() {
  static const std::vector<Stop> stops = {
      {-11000, rgb(0x031739)}, {-5000, rgb(0x08306b)}, {-1000, rgb(0x08519c)},
      {-300, rgb(0x2171b5)},   {-100, rgb(0x4292c6)},  {-40, rgb(0x6baed6)},
      {-15, rgb(0x9ecae1)},    {-5, rgb(0xc6dbef)},    {0, rgb(0xe6f0fa)},
      {0, rgb(0xf0ece2)},      {5500, rgb(0xf0ece2)},
  };
  return stops;
}

/// The atlas of old: even steps in metres, green lowlands, brown and white mountains.
const std::vector<Stop>& classic_stops() {
  static const std::vector<Stop> stops = {
      {-2000, rgb(0x333399)}, {-1000, rgb(0x1a66cc)}, {-500, rgb(0x0099ff)}, {-200, rgb(0x2fb4f0)},
      {-50, rgb(0x6fd0ee)},   {0, rgb(0xa4e4f0)},     {0, rgb(0x1fb05f)},    {75, rgb(0x66c866)},
      {240, rgb(0xf2ee94)},   {600, rgb(0xb8956a)},   {900, rgb(0x805c54)},  {1200, rgb(0xffffff)},
  };
  return stops;
}

const std::vector<Stop>& stops_of(TileStyle style) {
  if (style == TileStyle::kBlues) return blues_stops();
  return style == TileStyle::kClassic ? classic_stops() : chart_stops();
}

float between(float a, float b, float t) noexcept {
  return a + (b - a) * t;
}

}  // namespace

RampColour ColourRamp::at(float metres, std::size_t& near) const noexcept {
  // `near`: the first stop above `metres`.
  while (near < stops_.size() && stops_[near].metres <= metres)
    ++near;
  while (near > 0 && stops_[near - 1].metres > metres)
    --near;
  if (near == 0) return stops_.front().colour;
  if (near == stops_.size()) return stops_.back().colour;
  const Stop &below = stops_[near - 1], &above = stops_[near];
  const float t = (metres - below.metres) / (above.metres - below.metres);
  return {between(below.colour.red, above.colour.red, t),
          between(below.colour.green, above.colour.green, t),
          between(below.colour.blue, above.colour.blue, t)};
}

ColourRamp ramp_of(TileStyle style, const std::optional<double>& vmin,
                   const std::optional<double>& vmax) {
  std::vector<Stop> stops = stops_of(style);
  const float lowest = stops.front().metres, highest = stops.back().metres;
  const float below = vmin && *vmin < 0 ? static_cast<float>(*vmin) / lowest : 1.0F;
  const float above = vmax && *vmax > 0 ? static_cast<float>(*vmax) / highest : 1.0F;
  for (Stop& stop : stops)
    stop.metres *= stop.metres < 0 ? below : above;
  return ColourRamp(std::move(stops));
}

}  // namespace topobathy
