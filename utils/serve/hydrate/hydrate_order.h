#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "utils/serve/settings.h"

namespace topobathy {

/// What POST /hydrate asks for.
struct HydrateOrder {
  std::vector<double> box;           ///< west, south, east, north, degrees
  std::optional<double> resolution;  ///< metres
  std::optional<int> zoom;           ///< wins over the resolution
  std::string policy_name;           ///< "" = the active policy
  std::optional<std::string> policy_yaml;
  int workers = 2;
};

/// \throws HttpError(400): no JSON, HttpError(422): a member is missing, unknown or out of range
HydrateOrder read_hydrate_order(const std::string& body, const ServiceLimits& limits);
/// The body's JSON schema, for /openapi.json.
nlohmann::json hydrate_order_schema(const ServiceLimits& limits);

}  // namespace topobathy
