#pragma once

#include "fusion/fused_raster.h"

namespace topobathy {

/// \throws Error(kUsage): the raster has no such overview level
void require_level(const FusedRaster& raster, int level);

}  // namespace topobathy
