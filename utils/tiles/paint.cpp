#include "utils/tiles/paint.h"

#include <algorithm>
#include <cmath>

#include "driver/source_colour.h"
#include "utils/tiles/colour_ramp.h"
#include "utils/tiles/contours.h"
#include "utils/tiles/hillshade.h"

namespace topobathy {
namespace {

std::uint8_t byte(float value) noexcept {
  return static_cast<std::uint8_t>(std::min(255.0F, std::max(0.0F, value)) + 0.5F);
}

Image blank(const TilePixels& pixels) {
  return {static_cast<int>(pixels.tile.width), static_cast<int>(pixels.tile.height)};
}

/// Calls `draw(pixel, elevation, col, row)` for each pixel of the tile that has a value.
template <class Draw>
void for_each_value(const TilePixels& pixels, Image& image, const Draw& draw) {
  for (int r = 0; r < image.height; ++r) {
    const float* heights = pixels.planes.elevation.row(pixels.top() + r) + pixels.left();
    for (int c = 0; c < image.width; ++c)
      if (!std::isnan(heights[c])) draw(image.row(r)[c], heights[c], c, r);
  }
}

Plane<float> light_of(const TilePixels& pixels) {
  return hillshade(pixels.lattice, pixels.planes.elevation, pixels.planes.window, pixels.tile);
}

/// Level ground keeps the colour of the legend; slopes in the shade become darker (to 45 %), those
/// in the light lighter (a third of the way to white).
class Shading {
 public:
  explicit Shading(float light) noexcept {
    constexpr float kLevel = 0.70710678F, kDarkest = 0.45F, kLightest = 0.35F;
    if (light < kLevel) {
      factor_ = kDarkest + (1.0F - kDarkest) * light / kLevel;
    } else {
      const float white = kLightest * (light - kLevel) / (1.0F - kLevel);
      factor_ = 1.0F - white;
      add_ = 255.0F * white;
    }
  }
  std::uint8_t on(float part) const noexcept { return byte(part * factor_ + add_); }

 private:
  float factor_ = 1.0F;
  float add_ = 0.0F;
};

Image paint_ramp(const TilePixels& pixels, const ColourRamp& ramp) {
  Image image = blank(pixels);
  const Plane<float> light = light_of(pixels);
  std::size_t near = 0;
  for_each_value(pixels, image, [&](Rgba& pixel, float metres, int c, int r) {
    const RampColour colour = ramp.at(metres, near);
    const Shading shade(light.at(c, r));
    pixel = {shade.on(colour.red), shade.on(colour.green), shade.on(colour.blue), 255};
  });
  return image;
}

Image paint_hillshade(const TilePixels& pixels) {
  Image image = blank(pixels);
  const Plane<float> light = light_of(pixels);
  for_each_value(pixels, image, [&](Rgba& pixel, float, int c, int r) {
    const std::uint8_t grey = byte(255.0F * light.at(c, r));
    pixel = {grey, grey, grey, 255};
  });
  return image;
}

Image paint_sources(const TilePixels& pixels) {
  Image image = blank(pixels);
  SourceId last = kNoSource;
  Rgba colour;
  for_each_value(pixels, image, [&](Rgba& pixel, float, int c, int r) {
    const SourceId id = pixels.planes.source.at(pixels.left() + c, pixels.top() + r);
    if (id != last) {
      const Colour of_id = source_colour(id);
      const auto part = [](int value) { return static_cast<std::uint8_t>(value); };
      colour = {part(of_id.red), part(of_id.green), part(of_id.blue), 255};
      last = id;
    }
    if (id != kNoSource) pixel = colour;
  });
  return image;
}

/// Colour of a whole line; alpha where it covers a pixel.
Rgba line_colour(Line line) noexcept {
  switch (line) {
    case Line::kNone:
      return {};
    case Line::kSea:
      return {0x2b, 0x5f, 0x9e, 190};
    case Line::kSeaMajor:
      return {0x1b, 0x48, 0x82, 235};
    case Line::kLand:
      return {0x8f, 0x64, 0x3a, 190};
    case Line::kLandMajor:
      return {0x74, 0x4c, 0x26, 235};
    case Line::kShore:
      return {0x1e, 0x22, 0x2a, 255};
  }
  return {};
}

Image paint_contours(const TilePixels& pixels, int pixel_zoom) {
  Image image = blank(pixels);
  const Plane<LinePixel> lines = draw_contours(pixels.planes.elevation, pixels.planes.window,
                                               pixels.tile, contour_levels(pixel_zoom));
  for_each_value(pixels, image, [&](Rgba& pixel, float, int c, int r) {
    const LinePixel& line = lines.at(c, r);
    if (line.cover == 0) return;
    pixel = line_colour(line.line);
    pixel.alpha = static_cast<std::uint8_t>(pixel.alpha * line.cover / kFullCover);
  });
  return image;
}

Rgba rgb_of(long code) noexcept {
  const auto part = [code](int shift) { return static_cast<std::uint8_t>(code >> shift & 255); };
  return {part(16), part(8), part(0), 255};
}

/// Steps above the encoding's zero. \pre largest fits 24 bits
long steps(double value) noexcept {
  return std::lround(std::min(16777215.0, std::max(0.0, value)));
}

}  // namespace

std::int64_t margin_of(TileStyle style) noexcept {
  if (style == TileStyle::kSource) return 0;
  return style == TileStyle::kContours ? kContourMargin : kShadeMargin;
}

Image paint(const TilePixels& pixels, const Drawn& drawn) {
  switch (drawn.style) {
    case TileStyle::kHillshade:
      return paint_hillshade(pixels);
    case TileStyle::kSource:
      return paint_sources(pixels);
    case TileStyle::kContours:
      return paint_contours(pixels, drawn.pixel_zoom);
    default:
      return paint_ramp(pixels, ramp_of(drawn.style, drawn.vmin, drawn.vmax));
  }
}

Image encode_terrain(const TilePixels& pixels, TileFormat format) {
  const bool terrarium = format == TileFormat::kTerrarium;
  const auto code = [terrarium](double metres) {
    return terrarium ? steps((metres + 32768.0) * 256.0) : steps((metres + 10000.0) * 10.0);
  };
  Image image = blank(pixels);
  std::fill(image.pixels.begin(), image.pixels.end(), rgb_of(code(0.0)));
  for_each_value(pixels, image, [&](Rgba& pixel, float metres, int, int) {
    pixel = rgb_of(code(static_cast<double>(metres)));
  });
  return image;
}

}  // namespace topobathy
