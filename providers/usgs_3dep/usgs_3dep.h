#pragma once

#include <memory>

#include "providers/archive/archive.h"

namespace topobathy {

/// USGS 3D Elevation Program: bare earth, NAD83. Products `10m` (1/3 arc-second), `30m` (1
/// arc-second), `60m` (2 arc-seconds, Alaska) from the national mosaics' lists of tiles; `1m`
/// (lidar projects) from the TNM access API; `stac_10m`, `stac_30m` from the Planetary Computer.
/// One step has one product: nothing falls back to another.
std::unique_ptr<Archive> make_usgs_3dep(const ArchiveSetup& setup);

/// Record and heights of a tile at its box. The archive states NAVD88 for the conterminous United
/// States; for Alaska it is assumed; elsewhere (Hawaii, Puerto Rico, islands of the Pacific) datums
/// are local and nothing is stated.
void describe_3dep(Asset& asset);

}  // namespace topobathy
