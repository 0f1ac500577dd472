#include "utils/serve/policy/admit_policy.h"

#include <algorithm>

#include "fusion/policy/load.h"
#include "fusion/policy/messages.h"
#include "fusion/policy/provider_table.h"
#include "utils/serve/http_error.h"
#include "utils/serve/parameters/in_quotes.h"
#include "utils/serve/policy/client_crs.h"
#include "utils/serve/policy/client_pattern.h"
#include "utils/serve/policy/fusing_reach.h"

namespace topobathy {
namespace {

constexpr std::size_t kMostSteps = 100;
constexpr double kFinestPixel = 0.1;  ///< metres
constexpr int kFinestPixelZoom = 23;
constexpr const char* kTextName = "policy";

[[noreturn]] void forbid(const Place& place, const std::string& message) {
  Place shown_place = place;
  shown_place.file = kTextName;
  throw HttpError(422, shown_place.text() + ": " + message);
}

void allow_provider(const Step& step, const std::set<std::string>& allowed) {
  if (step.provider != kRasterProvider && allowed.count(step.provider) > 0) return;
  const std::string why =
      step.provider == kRasterProvider ? " (it reads files of the server)" : std::string();
  forbid(step.place, "provider \"" + step.provider +
                         "\" is not allowed in a policy sent to this "
                         "server" +
                         why + "; allowed: " + listed({allowed.begin(), allowed.end()}));
}

void allow_crs(const std::string& crs, const Place& place) {
  if (client_crs(crs).empty())
    forbid(place,
           "\"crs\" of a policy sent to this server must be a code such as EPSG:32618, or "
           "WKT without grid files, not " +
               in_quotes(crs));
}

void allow_heights(const std::optional<std::string>& heights, const Place& place) {
  if (heights && client_heights(*heights).empty())
    forbid(place,
           "\"vertical_crs\" of a policy sent to this server must be a name such as NAVD88, "
           "a code such as EPSG:5703, or WKT without grid files, not " +
               in_quotes(*heights));
}

void allow_filter(const Step& step) {
  const auto allow = [&](const char* key, const std::vector<std::string>& texts) {
    for (const std::string& text : texts)
      if (const std::string why = why_not_allowed(text); !why.empty())
        forbid(step.place, std::string("\"") + key + "\" of step \"" + shown(step.name) +
                               "\": " + in_quotes(text) + " " + why);
  };
  allow("include_patterns", step.filter.include_patterns);
  allow("exclude_patterns", step.filter.exclude_patterns);
  allow("project_id", step.filter.project_ids);
}

void allow_grid(const Policy& policy) {
  const Place place{kTextName, 1, 1};
  if (policy.resolution && *policy.resolution < kFinestPixel)
    forbid(place, "resolution " + shown(*policy.resolution) +
                      " m is too fine; the finest that this server takes is " +
                      shown(kFinestPixel) + " m");
  if (policy.zoom && *policy.zoom > kFinestPixelZoom)
    forbid(place, "zoom " + std::to_string(*policy.zoom) + " is too deep; this server goes to " +
                      std::to_string(kFinestPixelZoom));
  if (policy.resolution) {
    if (const std::string why = why_too_far(policy, *policy.resolution); !why.empty())
      forbid(place, why);
  }
}

Policy load_client_policy(const std::string& yaml) {
  try {
    return load_policy(yaml, kTextName, "");
  } catch (const Error& error) {
    throw HttpError(400, error.what());
  }
}

}  // namespace

std::set<std::string> default_client_providers() {
  std::set<std::string> names;
  for (const ProviderDeclaration& provider : provider_table())
    if (provider.name != kRasterProvider) names.insert(provider.name);
  return names;
}

void require_allowed(const Policy& policy, const ServiceSettings& settings) {
  if (policy.steps.size() > kMostSteps)
    forbid(policy.steps[kMostSteps].place,
           "this policy has " + std::to_string(policy.steps.size()) + " steps; at most " +
               std::to_string(kMostSteps) + " are allowed");
  allow_crs(policy.crs, policy.crs_place);
  allow_heights(policy.vertical_crs, policy.vertical_crs_place);
  for (const Step& step : policy.steps) {
    allow_provider(step, settings.client_providers);
    allow_heights(step.vertical_crs, step.vertical_crs_place);
    allow_filter(step);
  }
  allow_grid(policy);
}

std::string admit_policy(const std::string& yaml, const ServiceSettings& settings) {
  require_allowed(load_client_policy(yaml), settings);
  return yaml;
}

}  // namespace topobathy
