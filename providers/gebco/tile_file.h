#pragma once

#include <string>

#include "providers/gebco/gebco_tile.h"

namespace topobathy {

/// Writes a tile as a file that GDAL opens: a GeoTIFF (tiled, DEFLATE, EPSG:4326, pixel is area,
/// its corner exactly at the degree) of the bands Elevation and, where there are type identifiers,
/// Contributor, both Float32 with NaN for no data, and overviews of 2, 4, 8 and 16: means of the
/// elevation, the most frequent identifier. Beside it `<path>.aux.xml`, whose attribute table of
/// the Contributor band has a row for each identifier that the tile holds, in the columns that
/// providers/raster/contributor_table.h reads; its value is the identifier itself, 0 (land)
/// included: who reads the table takes 0 for a source like any other where it has a row.
///
/// Both are written to temporary names, synced and renamed, the GeoTIFF last: where it is, both
/// are. \throws Error(kCache) the disk; Error(kUnreadable) identifiers that are none
void write_tile_file(const std::string& path, const GebcoTile& tile, const GebcoPixels& pixels);

/// Whether both files are there.
bool has_tile_file(const std::string& path);

}  // namespace topobathy
