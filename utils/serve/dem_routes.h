#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// /api/v1/dem/...: fused cells of the cache as grids, for the 3D page. `service` outlives the
/// routes.
Routes dem_routes(Service& service);

}  // namespace topobathy
