#pragma once

#include <memory>

#include "providers/archive/archive.h"

namespace topobathy {

/// Copernicus DEM: the surface of the land with trees and buildings, WGS 84, EGM2008 heights.
/// Products `glo30` and `glo90` from the public buckets, `stac` (GLO-30) from the Planetary
/// Computer. Where there is no tile there is sea, or land of countries that are not released: no
/// coverage. Files have no nodata value.
std::unique_ptr<Archive> make_copernicus_dsm(const ArchiveSetup& setup);

}  // namespace topobathy
