#include "providers/raster/raster_file.h"

#include <utility>

#include "fusion/error.h"
#include "fusion/window.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/block_cache.h"
#include "providers/raster/decode_time.h"
#include "providers/raster/gdal_block_reader.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/handle_pool.h"
#include "providers/raster/recent_stamp.h"

namespace topobathy {

RasterFile::RasterFile(RasterLayout layout, bool fast_path) : layout_(std::move(layout)) {
  if (fast_path && layout_.header.driver == "GTiff") tiff_.emplace(layout_);
}

BlockPointer RasterFile::block(int level, int band, std::int64_t block_col, std::int64_t block_row,
                               const std::vector<int>& sibling_bands) {
  static const std::vector<int>& none = *new std::vector<int>;
  const TileId tile{level, block_col, block_row};
  require_inside(tile, band, sibling_bands);
  // Bands apart in the file cost as much later as now.
  const std::vector<int>& siblings = layout_.pixel_interleaved ? sibling_bands : none;
  const BlockKey key{layout_.recipe.id, level, band, block_col, block_row};
  return shared_block_cache().get(
      key, siblings, [this, &tile](const std::vector<int>& bands) { return decode(tile, bands); });
}

void RasterFile::retire(int level, const SourceWindow& pixels) noexcept {
  const LevelLayout& size = layout_.levels[static_cast<std::size_t>(level)];
  // The last tile of a row or column ends with the raster.
  const auto end = [](std::int64_t edge, std::int64_t whole, std::int64_t tile) {
    return edge >= whole ? ceil_div(whole, tile) : floor_div(edge, tile);
  };
  const std::int64_t right = end(pixels.right(), size.width, size.tile_width);
  const std::int64_t bottom = end(pixels.bottom(), size.height, size.tile_height);
  for (std::int64_t row = ceil_div(pixels.row, size.tile_height); row < bottom; ++row)
    for (std::int64_t col = ceil_div(pixels.col, size.tile_width); col < right; ++col)
      for (int band = 1; band <= layout_.header.bands; ++band)
        shared_block_cache().retire({layout_.recipe.id, level, band, col, row});
}

void RasterFile::require_inside(const TileId& tile, int band,
                                const std::vector<int>& siblings) const {
  const auto known = [this](int b) { return b >= 1 && b <= layout_.header.bands; };
  bool inside = known(band) && tile.level >= 0 &&
                static_cast<std::size_t>(tile.level) < layout_.levels.size();
  for (const int sibling : siblings)
    inside = inside && known(sibling);
  if (inside) {
    const LevelLayout& level = layout_.levels[static_cast<std::size_t>(tile.level)];
    inside = tile.col >= 0 && tile.col < ceil_div(level.width, level.tile_width) && tile.row >= 0 &&
             tile.row < ceil_div(level.height, level.tile_height);
  }
  if (!inside)
    throw Error(ErrorCode::kInternal,
                tile_error(layout_, tile, band, "there is no such tile").what());
}

std::vector<BlockPointer> RasterFile::decode(const TileId& tile, const std::vector<int>& bands) {
  const DecodeTime counted;
  const QuietGdalErrors quiet;
  require_unchanged(layout_.recipe);
  try {
    return decode_edition(tile, bands);
  } catch (const Error&) {
    if (is_remote_path(layout_.recipe.path)) explain_remote_failure();
    throw;
  }
}

/// A remote file has to be what it was when it was opened.
std::vector<BlockPointer> RasterFile::decode_edition(const TileId& tile,
                                                     const std::vector<int>& bands) {
  const VsicurlOptions remote(layout_.recipe.path, layout_.recipe.etag());
  if (tiff_) {
    if (auto blocks = tiff_->read(tile, bands)) return *std::move(blocks);
  }
  return read_tile_with_gdal(layout_, tile, bands);
}

/// After a failure nothing is left that the next read could take for the file.
/// \throws Error(kUnreadable) if the reason is that the file is another one by now
void RasterFile::explain_remote_failure() const {
  shared_handle_pool().close_idle(layout_.recipe.id);
  forget_vsicurl(layout_.recipe.path);
  forget_recent_stamps();
  require_same_edition(layout_.recipe);
}

}  // namespace topobathy
