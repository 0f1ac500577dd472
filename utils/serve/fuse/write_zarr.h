#pragma once

#include <functional>

#include "cache/bytes.h"
#include "utils/serve/fuse/area_scan.h"
#include "utils/serve/fuse/fuse_request.h"

namespace topobathy {

/// Zarr is made in memory: an area may have this part of the pixels that a GeoTIFF may have.
constexpr std::uint64_t kZarrShare = 4;

/// The area as a Zarr v2 group in a zip archive: the arrays of a cell of the cache
/// (docs/cell-format.md), and attributes that say what it is and who its sources are. \throws Error
Bytes write_zarr(FusedRaster& raster, const FuseRequest& request, const AreaScan& scan,
                 const std::function<bool()>& gone);

}  // namespace topobathy
