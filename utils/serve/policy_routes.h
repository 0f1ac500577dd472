#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// /policy/update, /policies, /policies/{name}. `service` outlives the routes.
Routes policy_routes(Service& service);

}  // namespace topobathy
