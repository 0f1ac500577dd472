#pragma once

#include "utils/serve/cache/audit_answer.h"
#include "utils/serve/route.h"
#include "utils/serve/settings.h"

namespace topobathy {

/// /api/v1/cache/... and POST /cache/clear (docs/service/cache.md), of the cache's folder on this
/// machine. \throws Error: the cache has none
Routes cache_routes(const ServiceSettings& settings, const AuditBounds& bounds = {});

}  // namespace topobathy
