#include "utils/serve/policy_routes.h"

#include "utils/serve/policy/policy_handlers.h"

namespace topobathy {
namespace {

using nlohmann::json;

using PolicyHandler = ServiceAnswer (*)(Service&, const ServiceRequest&);

Route policy_route(Service& service, HttpMethod method, const char* pattern, const char* summary,
                   PolicyHandler handler) {
  Route route;
  route.method = method;
  route.pattern = pattern;
  route.doc.summary = summary;
  route.handler = [&service, handler](const ServiceRequest& request) {
    return handler(service, request);
  };
  return route;
}

json update_schema() {
  const json text{{"type", "string"}};
  const json names{{"type", "array"}, {"items", text}};
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", {"name"}},
          {"properties",
           {{"name", {{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]{1,64}$"}}},
            {"policy_yaml", text},
            {"base_yaml", text},
            {"curations", {{"type", "object"}, {"additionalProperties", names}}}}}};
}

}  // namespace

Routes policy_routes(Service& service) {
  Route update = policy_route(service, HttpMethod::kPost, "/policy/update",
                              "Keep a policy as <name>.yaml", update_policy);
  update.access = Access::kChange;
  update.doc.body = update_schema();
  return {
      std::move(update),
      policy_route(service, HttpMethod::kGet, "/policies", "Names of the policies", list_policies),
      policy_route(service, HttpMethod::kGet, "/policies/{name}", "The text of a policy",
                   policy_text)};
}

}  // namespace topobathy
