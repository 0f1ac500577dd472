#include "providers/raster/gdal_block_reader.h"

#include <algorithm>
#include <cmath>

#include "fusion/plane.h"
#include "providers/raster/absent_blocks.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/block_buffers.h"
#include "providers/raster/decode_time.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/handle_pool.h"
#include "providers/raster/tiff_layout.h"

namespace topobathy {
namespace {

GDALDataType gdal_type(SampleType type) noexcept {
  switch (type) {
    case SampleType::kUInt8:
      return GDT_Byte;
    case SampleType::kUInt16:
      return GDT_UInt16;
    case SampleType::kInt16:
      return GDT_Int16;
    case SampleType::kUInt32:
      return GDT_UInt32;
    case SampleType::kInt32:
      return GDT_Int32;
    case SampleType::kFloat32:
      return GDT_Float32;
    case SampleType::kFloat64:
      return GDT_Float64;
  }
  return GDT_Float32;
}

/// One band of one tile while it is read.
struct BandRead {
  GDALRasterBand& band;
  const BandLayout& layout;
  const TileWindow& window;
  std::int64_t tile_width;
  std::vector<float>& out;
};

bool raster_io(GDALRasterBand& band, const TileWindow& window, GDALDataType type, void* out) {
  const int width = static_cast<int>(window.width);
  const int height = static_cast<int>(window.height);
  return band.RasterIO(GF_Read, static_cast<int>(window.col), static_cast<int>(window.row), width,
                       height, out, width, height, type, 0, 0, nullptr) == CE_None;
}

/// Converts what was read into the tile; what lies beyond the raster is NaN. \return valid pixels
std::size_t place_samples(const BandRead& read, const std::vector<std::uint8_t>& samples) {
  const std::size_t row_bytes =
      sample_bytes(read.layout.type) * static_cast<std::size_t>(read.window.width);
  std::size_t valid = 0;
  std::fill(read.out.begin(), read.out.end(), kNoValue);
  for (std::int64_t y = 0; y < read.window.height; ++y) {
    valid +=
        convert_samples(read.layout.type, samples.data() + static_cast<std::size_t>(y) * row_bytes,
                        1, static_cast<std::size_t>(read.window.width), read.layout.rule,
                        read.out.data() + y * read.tile_width);
  }
  return valid;
}

/// Pixels whose mask is zero become NaN (partly transparent ones are data). False if the mask
/// cannot be read.
bool apply_mask(const BandRead& read) {
  std::vector<std::uint8_t> mask(static_cast<std::size_t>(read.window.width * read.window.height));
  if (!raster_io(*read.band.GetMaskBand(), read.window, GDT_Byte, mask.data())) return false;
  for (std::int64_t y = 0; y < read.window.height; ++y) {
    float* const row = read.out.data() + y * read.tile_width;
    const std::uint8_t* const visible = mask.data() + y * read.window.width;
    for (std::int64_t x = 0; x < read.window.width; ++x) {
      if (visible[x] == 0) row[x] = kNoValue;
    }
  }
  return true;
}

bool any_has_place(GDALRasterBand& band, const LevelLayout& level, const TileWindow& window) {
  const std::int64_t right = window.col + window.width, bottom = window.row + window.height;
  for (std::int64_t y = window.row / level.block_height; y * level.block_height < bottom; ++y)
    for (std::int64_t x = window.col / level.block_width; x * level.block_width < right; ++x)
      if (has_place_in_file(band, x, y)) return true;
  return false;
}

/// True where the file holds no block at all (GeoTIFF sparse tiles; other drivers cannot tell).
bool is_absent(GDALRasterBand& band, const LevelLayout& level, const TileWindow& window) {
  const QuietGdalErrors errors;
  if (!is_empty_by_gdal(band, window)) return false;
  // GDAL says the same of a block that lies behind the end of a file cut short, of one whose zeros
  // the file system keeps as a hole, and of one whose place it could not read: reading it tells.
  return !any_has_place(band, level, window) && errors.reason("").empty();
}

/// GDAL reads absent blocks as nodata, or as zero where there is none: the latter would be invented
/// sea level.
void erase_absent_blocks(const BandRead& read, const LevelLayout& level) {
  const std::int64_t bottom = read.window.row + read.window.height;
  const std::int64_t right = read.window.col + read.window.width;
  for (std::int64_t y = read.window.row; y < bottom;) {
    const std::int64_t next_y = std::min(bottom, (y / level.block_height + 1) * level.block_height);
    for (std::int64_t x = read.window.col; x < right;) {
      const std::int64_t next_x = std::min(right, (x / level.block_width + 1) * level.block_width);
      if (is_absent(read.band, level, {x, y, next_x - x, next_y - y})) {
        for (std::int64_t row = y; row < next_y; ++row) {
          float* const out = read.out.data() + (row - read.window.row) * read.tile_width;
          std::fill(out + (x - read.window.col), out + (next_x - read.window.col), kNoValue);
        }
      }
      x = next_x;
    }
    y = next_y;
  }
}

bool holds_nothing(const std::vector<float>& block) {
  return std::all_of(block.begin(), block.end(), [](float value) { return std::isnan(value); });
}

/// Reads one band of a tile; what went wrong is in GDAL's messages. Null if it cannot be read.
BlockPointer read_band(const RasterLayout& layout, const LevelLayout& level,
                       const TileWindow& window, int band_number, RasterHandle& handle,
                       std::vector<std::uint8_t>& samples) {
  const BandLayout& band_layout = layout.bands[static_cast<std::size_t>(band_number - 1)];
  const auto pixels = static_cast<std::size_t>(level.tile_width * level.tile_height);
  GDALRasterBand* const band = handle.band(band_number, level.overview);
  if (band == nullptr) return nullptr;
  const bool may_be_sparse = layout.header.driver == "GTiff" && !band_layout.rule.nodata;
  // Of a remote file only once it is read: see are_surely_absent().
  if (may_be_sparse && is_plain_file(layout.recipe.path) && is_absent(*band, level, window))
    return empty_block(pixels);
  samples.resize(static_cast<std::size_t>(window.width * window.height) *
                 sample_bytes(band_layout.type));
  note_decode_work(window.width * window.height, static_cast<std::int64_t>(samples.size()));
  if (!raster_io(*band, window, gdal_type(band_layout.type), samples.data())) return nullptr;
  const BlockBuffer block = new_block(pixels);
  const BandRead read{*band, band_layout, window, level.tile_width, *block};
  const std::size_t valid = place_samples(read, samples);
  if (may_be_sparse) erase_absent_blocks(read, level);
  if (band_layout.masked && !apply_mask(read)) return nullptr;
  const bool erased = may_be_sparse || band_layout.masked;
  const bool empty = valid == 0 || (erased && holds_nothing(*block));
  return empty ? empty_block(pixels) : BlockPointer(block);
}

}  // namespace

std::vector<BlockPointer> read_tile_with_gdal(const RasterLayout& layout, const TileId& tile,
                                              const std::vector<int>& bands) {
  std::optional<FetchTime> counted;
  if (is_remote_path(layout.recipe.path)) counted.emplace();
  const LevelLayout& level = layout.levels[static_cast<std::size_t>(tile.level)];
  const TileWindow window = tile_window(level, tile.col, tile.row);
  const auto guard = serialise(layout.recipe.serialised);
  const QuietGdalErrors errors;
  HandlePool::Loan handle = shared_handle_pool().borrow(layout.recipe);
  handle->enter_group(level.overview, window.row / std::max(level.block_height, level.tile_height));
  std::vector<BlockPointer> blocks;
  std::vector<std::uint8_t> samples;
  for (const int band : bands) {
    blocks.push_back(read_band(layout, level, window, band, *handle, samples));
    if (blocks.back()) continue;
    handle.discard();  // its state after an error is anyone's guess
    throw tile_error(layout, tile, band, errors.reason("GDAL gives no reason"));
  }
  if (level.tiles_are_whole_blocks()) handle->free_blocks(level.overview);
  return blocks;
}

}  // namespace topobathy
