#pragma once

#include "utils/hydrate/own_program.h"
#include "utils/serve/hydrate/hydrate_tools.h"
#include "utils/serve/policy/admit_policy.h"
#include "utils/serve/route.h"

namespace topobathy {

/// POST and GET /hydrate, GET and DELETE /hydrate/{id}, and its WebSocket and events
/// (docs/service/hydrate.md). \throws Error: the cache has no folder on this machine
Routes hydrate_routes(const ServiceSettings& settings, const HydrateTools& tools);

inline Routes hydrate_routes(const ServiceSettings& settings) {
  return hydrate_routes(settings, {own_program(), admit_policy});
}

}  // namespace topobathy
