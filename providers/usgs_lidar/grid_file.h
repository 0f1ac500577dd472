#pragma once

#include <string>

#include "providers/usgs_lidar/ground_grid.h"
#include "providers/usgs_lidar/lidar_crs.h"

namespace topobathy {

/// Writes a grid as a tiled GeoTIFF of two Float32 bands, Elevation and Uncertainty, metres, NaN
/// where there is none: beside `path`, synced and renamed, so `path` is whole or not there. Its
/// folder is made when missing. A path of /vsimem/ is only renamed. \throws Error(kCache)
void write_grid(const std::string& path, const GroundGrid& grid, const LidarCrs& crs);

}  // namespace topobathy
