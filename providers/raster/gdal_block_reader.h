#pragma once

#include <vector>

#include "providers/raster/tile_read.h"

namespace topobathy {

/// Decodes bands of one tile through GDAL: any format, masks included. Thread-safe.
/// \throws Error(kUnreadable)
std::vector<BlockPointer> read_tile_with_gdal(const RasterLayout& layout, const TileId& tile,
                                              const std::vector<int>& bands);

}  // namespace topobathy
