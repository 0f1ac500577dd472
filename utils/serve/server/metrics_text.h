#pragma once

#include <string>

#include "utils/serve/route.h"
#include "utils/serve/server/shared_state.h"

namespace topobathy {

/// The counts of all processes as Prometheus reads them (text format 0.0.4).
/// \param routes in the order in which they are counted
std::string metrics_text(const SharedState& state, const Routes& routes);

}  // namespace topobathy
