#pragma once

#include <memory>

#include "providers/archive/archive.h"

namespace topobathy {

/// Lidar point clouds of the USGS 3D Elevation Program, turned into grids of their ground.
/// Products:
///     copc       (default) COPC tiles of the Planetary Computer; only the nodes needed are read
///     copc_file  the same tiles, each copied whole to tier 5 before it is read
///     ept        surveys of the bucket usgs-lidar-public, by squares of 1024 units of EPSG:3857
/// Grids are kept in `grids/` of the provider's folder.
std::unique_ptr<Archive> make_usgs_lidar(const ArchiveSetup& setup);

}  // namespace topobathy
