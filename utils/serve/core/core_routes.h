#pragma once

#include <string>

#include "utils/serve/route.h"
#include "utils/serve/server/shared_state.h"

namespace topobathy {

/// What every server has: /health, /metrics, /openapi.json, and the pages.
///
/// \param routes the others; the core's are appended to them, and the documents are about all
/// \param pages folder of the pages, "" = there are none
/// \param shared lives longer than the routes
void add_core_routes(Routes& routes, const SharedState& shared, const std::string& pages);

}  // namespace topobathy
