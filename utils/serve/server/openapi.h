#pragma once

#include <nlohmann/json.hpp>

#include "utils/serve/route.h"

namespace topobathy {

/// The OpenAPI 3 document of the routes; those with a "{name*}" (pages) are none of the interface.
nlohmann::ordered_json openapi_document(const Routes& routes, const std::string& version);

}  // namespace topobathy
