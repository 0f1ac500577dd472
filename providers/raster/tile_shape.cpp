#include "providers/raster/tile_shape.h"

#include <algorithm>

#include "fusion/window.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

bool sane_edge(std::int64_t edge) noexcept {
  return edge >= tuning::kMinOwnEdge && edge <= tuning::kMaxOwnEdge;
}

/// Several whole blocks: first wide enough, then as many rows of them as make a tile.
TileShape gather(std::int64_t raster_width, std::int64_t raster_height, std::int64_t block_width,
                 std::int64_t block_height) noexcept {
  const std::int64_t fitting = tuning::kMaxTilePixels / (block_width * block_height);
  const std::int64_t across =
      std::min({ceil_div(raster_width, block_width), ceil_div(tuning::kGatherEdge, block_width),
                std::max<std::int64_t>(fitting, 1)});
  const std::int64_t width = across * block_width;
  const std::int64_t down = std::clamp<std::int64_t>(tuning::kTilePixels / width / block_height, 1,
                                                     ceil_div(raster_height, block_height));
  return {width, down * block_height};
}

}  // namespace

TileShape choose_tile_shape(std::int64_t raster_width, std::int64_t raster_height,
                            std::int64_t block_width, std::int64_t block_height) noexcept {
  if (sane_edge(block_width) && sane_edge(block_height)) return {block_width, block_height};
  // Division instead of a product: crafted headers overflow it.
  if (block_width > tuning::kMaxTilePixels / block_height)
    return {tuning::kCutEdge, tuning::kCutEdge};
  if (block_width > tuning::kMaxStripWidth)
    return {tuning::kWideTileColumns, ceil_div(tuning::kWideTileRows, block_height) * block_height};
  return gather(raster_width, raster_height, block_width, block_height);
}

}  // namespace topobathy
