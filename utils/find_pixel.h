#pragma once

#include <cstdint>
#include <vector>

#include "fusion/fused_raster.h"

namespace topobathy {

/// The pixel of a level that a position falls into.
struct FoundPixel {
  std::int64_t col = 0;  ///< on the lattice of the level
  std::int64_t row = 0;
  LatticeWindow extent;  ///< of the dataset at this level
  bool inside = false;   ///< of the extent
  bool placed = true;    ///< false: the position has no place in the raster's CRS
};

/// Positions in degrees (EPSG:4326), any turn round the world. A pixel holds its west and north
/// edges; the south pole lies in the last row. \throws Error(kUsage, kUnsupported): no way to the
/// raster's CRS
std::vector<FoundPixel> find_pixels(const FusedRaster& raster, int level,
                                    const std::vector<LonLat>& positions);

/// One of them. \throws Error(kUsage) as well: no place in the raster's CRS
FoundPixel find_pixel(const FusedRaster& raster, int level, double lon, double lat);

}  // namespace topobathy
