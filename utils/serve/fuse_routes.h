#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// GET and POST /fuse. `service` outlives the routes.
Routes fuse_routes(Service& service);

}  // namespace topobathy
