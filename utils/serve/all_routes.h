#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// The routes of every group; the core's own (core/core_routes.h) come to them.
/// \param service lives longer than the routes
Routes all_routes(Service& service);

}  // namespace topobathy
