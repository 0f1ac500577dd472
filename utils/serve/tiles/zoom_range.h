#pragma once

#include "fusion/fused_raster.h"

namespace topobathy {

/// Where a map shows a policy.
struct MapView {
  LonLatBox bounds;  ///< within the tiles' world; the whole turn where it crosses the antimeridian
  LonLat centre;
  int min_zoom = 0;
  int max_zoom = 0;
};

/// Of tiles of this size: from the zoom where the extent is a quarter of a tile wide to the one
/// whose pixels are as fine as the policy's. \throws Error: the extent has no image in degrees
MapView map_view(const FusedRaster& raster, int tile_size);

}  // namespace topobathy
