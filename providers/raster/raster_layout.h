#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "providers/raster/block_reader.h"
#include "providers/raster/open_dataset.h"
#include "providers/raster/samples.h"

namespace topobathy {

/// How the tiles of one level lie in the file.
struct LevelLayout {
  int overview = -1;  ///< GDAL's overview index, -1 is the band itself
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t block_width = 0;  ///< of the file
  std::int64_t block_height = 0;
  std::int64_t tile_width = 0;  ///< of ours
  std::int64_t tile_height = 0;

  /// A tile is one or several whole blocks of the file.
  bool tiles_are_whole_blocks() const noexcept {
    return tile_width % block_width == 0 && tile_height % block_height == 0;
  }
};

struct BandLayout {
  SampleType type = SampleType::kFloat32;  ///< what the band is read as
  bool exact_type = true;  ///< false: the file's own type is another (64-bit integers)
  bool masked = false;     ///< has a mask that is more than its nodata value
  SampleRule rule;
};

/// All there is to know to read tiles without asking the file again. Plain values.
struct RasterLayout {
  OpenRecipe recipe;
  RasterHeader header;
  std::vector<LevelLayout> levels;
  std::vector<BandLayout> bands;
  bool pixel_interleaved = false;  ///< one block of the file holds all bands
};

/// One tile of one level, clipped to the raster.
struct TileWindow {
  std::int64_t col = 0;  ///< first pixel
  std::int64_t row = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};
TileWindow tile_window(const LevelLayout& level, std::int64_t tile_col,
                       std::int64_t tile_row) noexcept;

/// Several bands in one block of the file. A single band is not.
bool is_interleaved_by_pixel(GDALDataset& dataset);

/// Reads the header. \throws Error(kUnsupported) for rasters we cannot use, with the reason
RasterLayout read_layout(GDALDataset& dataset, const OpenRecipe& recipe);

}  // namespace topobathy
