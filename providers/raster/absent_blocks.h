#pragma once

#include <cstdint>
#include <vector>

#include "providers/raster/handle_pool.h"
#include "providers/raster/raster_layout.h"

namespace topobathy {

/// GDAL says of a block of a GeoTIFF whose place it cannot read what it says of one that a sparse
/// file does not hold: nothing lies there, and mostly without a message. A local file's index is
/// read with its header; a remote one's may have to be fetched again, and that may fail.
///
/// True if none of the blocks `cols` of a row is in the file. Reads a pixel of each, which tells
/// the two apart, on a handle of its own: GDAL remembers the place it could not read as none.
/// \throws Error if the file cannot be opened
bool are_surely_absent(const RasterLayout& layout, const LevelLayout& level, int band,
                       std::int64_t row, const std::vector<std::int64_t>& cols);

/// Whether the file holds none of the blocks of a window, by GDAL's word: true, too, of blocks
/// whose places could not be read and were not read before.
bool is_empty_by_gdal(GDALRasterBand& band, const TileWindow& window);

}  // namespace topobathy
