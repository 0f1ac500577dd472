#pragma once

#include "utils/tiles/image.h"
#include "utils/tiles/tile_pixels.h"

namespace topobathy {

/// How a picture is drawn from fused pixels.
struct Drawn {
  TileStyle style = TileStyle::kChart;
  std::optional<double> vmin;
  std::optional<double> vmax;
  int pixel_zoom = 0;
};

/// Pixels around a tile that a style looks at.
std::int64_t margin_of(TileStyle style) noexcept;

/// The tile as a picture; a pixel without a value is transparent. Every pixel is drawn from the
/// fused pixels near it alone, so that neighbouring tiles meet.
Image paint(const TilePixels& pixels, const Drawn& drawn);

/// Elevations as colours that decode (see TileFormat), opaque: browsers lose the colour of
/// transparent pixels. No value reads as 0 m, as renderers of terrain take missing ground.
Image encode_terrain(const TilePixels& pixels, TileFormat format);

}  // namespace topobathy
