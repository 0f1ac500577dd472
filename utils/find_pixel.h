#pragma once

#include <cstdint>

#include "fusion/fused_raster.h"

namespace topobathy {

/// The pixel of a level that a position falls into.
struct FoundPixel {
  std::int64_t col = 0;  ///< on the lattice of the level
  std::int64_t row = 0;
  LatticeWindow extent;  ///< of the dataset at this level
  bool inside = false;   ///< of the extent
};

/// `lon`, `lat` in degrees (EPSG:4326), any turn round the world. \throws Error(kUsage): no place
/// in the raster's CRS
FoundPixel find_pixel(const FusedRaster& raster, int level, double lon, double lat);

}  // namespace topobathy
