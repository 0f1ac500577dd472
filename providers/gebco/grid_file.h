#pragma once

#include <string>
#include <vector>

#include "providers/gebco/gebco_files.h"

namespace topobathy {

/// Opens a file and finds its place in GEBCO's grid. Its own statement of a CRS is not needed
/// (GEBCO's netCDF has none that GDAL reads): the grid is in degrees or it is refused.
/// \throws Error(kUnreadable, kUnsupported)
GebcoFiles::File place_in_grid(const std::string& path);

/// Puts the file's pixels of a tile over `values` (north row first), where they have a value.
/// \throws Error(kUnreadable), also when the file is no longer the one that was looked at
void paint_tile(const GebcoFiles::File& file, const GebcoTile& tile, std::vector<float>& values);

/// Whether the file has a pixel of the tile.
bool has_pixels(const GebcoFiles::File& file, const GebcoTile& tile) noexcept;

}  // namespace topobathy
