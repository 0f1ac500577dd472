#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "providers/raster/block_buffers.h"
#include "providers/raster/empty_pattern.h"
#include "providers/raster/tiff_layout.h"
#include "providers/raster/tile_read.h"

namespace topobathy {

/// The fast path for common GeoTIFF layouts: block bytes by offset, libdeflate or zstd, predictors
/// undone in vector code for the wanted bands only. Gives what GDAL gives, bit by bit. Whatever
/// surprises it, it leaves to GDAL. Thread-safe.
class TiffBlockReader {
 public:
  explicit TiffBlockReader(const RasterLayout& layout);

  /// Bands of one tile; nothing if GDAL must read it.
  std::optional<std::vector<BlockPointer>> read(const TileId& tile, const std::vector<int>& bands);

 private:
  struct Level {
    std::mutex mutex;
    bool known = false;
    std::optional<TiffLevel> tiff;
    BlockIndex index;
    EmptyPattern empty;
  };

  const TiffLevel* find_level(int number);

  const RasterLayout& layout_;
  std::vector<std::unique_ptr<Level>> levels_;
};

}  // namespace topobathy
