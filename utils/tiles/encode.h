#pragma once

#include "cache/bytes.h"
#include "utils/tiles/image.h"
#include "utils/tiles/tile_pixels.h"

namespace topobathy {

/// A PNG of 8 bits: with a palette where 256 colours do, with alpha only where something is
/// transparent. \throws Error
Bytes encode_png(const Image& image);

/// A lossless WebP, by GDAL. \throws Error (GDAL may be built without it)
Bytes encode_webp(const Image& image);

/// NumPy arrays of the tile, row 0 in the north: float32 elevation. \throws Error
Bytes encode_npy(const TilePixels& pixels);
/// elevation, uncertainty (float32, NaN = none) and source_id (uint32, 0 = none).
Bytes encode_npz(const TilePixels& pixels);
/// source_id and elevation: the companion of a picture.
Bytes encode_sources_npz(const TilePixels& pixels);

/// A cloud optimized GeoTIFF of Elevation, Uncertainty and Contributor, nodata NaN, by GDAL.
/// `sources` is text for the Contributor band's metadata item SOURCES. \throws Error
Bytes encode_tif(const TilePixels& pixels, const std::string& crs_wkt, const std::string& sources);

}  // namespace topobathy
