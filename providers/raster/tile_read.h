#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fusion/error.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/raster_layout.h"

namespace topobathy {

struct TileId {
  int level = 0;
  std::int64_t col = 0;
  std::int64_t row = 0;
};

/// "cannot read tile (col, row) of band b, level l of 'PATH': reason"
Error tile_error(const RasterLayout& layout, const TileId& tile, int band,
                 const std::string& reason);

/// Adds to what take_decode_work() tells this thread.
void note_decode_work(std::int64_t pixels, std::int64_t bytes) noexcept;

}  // namespace topobathy
