#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// POST /analyze, GET /quality/report (also /api/v1/quality/report). `service` outlives the routes.
Routes analysis_routes(Service& service);

}  // namespace topobathy
