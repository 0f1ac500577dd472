#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// /tiles/..., /tilejson.json, /legend (docs/service/tiles.md). \pre the service outlives them
Routes tile_routes(Service& service);

}  // namespace topobathy
