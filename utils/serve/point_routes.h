#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// /elevation, /source_info, /profile (docs/service/points.md). \pre the service outlives them
Routes point_routes(Service& service);

}  // namespace topobathy
