#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "utils/serve/cache/audit_answer.h"
#include "utils/serve/route.h"

namespace topobathy {

/// POST /cache/clear?type=output|source|orphaned|all[&yes=true]: the Python system's names for
/// purges of tiers 1 and 2, of 3 to 5, of leftovers, and of all tiers.
/// \throws HttpError(400): another type, tier 5 without yes; Error(kCache)
nlohmann::json clear_as_ordered(const ServiceRequest& request, const std::string& root,
                                const AuditBounds& bounds);

}  // namespace topobathy
