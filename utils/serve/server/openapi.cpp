#include "utils/serve/server/openapi.h"

#include <string>

#include "utils/serve/server/front_door.h"
#include "utils/serve/server/router.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;

constexpr char kTokenScheme[] = "token";

std::string lower_method(HttpMethod method) {
  std::string name = method_name(method);
  for (char& c : name)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

ordered_json path_parameters(const std::string& pattern) {
  ordered_json parameters = ordered_json::array();
  for (std::size_t open = pattern.find('{'); open != std::string::npos;
       open = pattern.find('{', open + 1)) {
    const std::size_t close = pattern.find('}', open);
    parameters.push_back({{"name", pattern.substr(open + 1, close - open - 1)},
                          {"in", "path"},
                          {"required", true},
                          {"schema", {{"type", "string"}}}});
  }
  return parameters;
}

ordered_json refusal_response() {
  return {{"description", "Refused or failed: detail says what, where, and what to do"},
          {"content",
           {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Refusal"}}}}}}}};
}

ordered_json responses_of(const Route& route) {
  ordered_json responses;
  if (is_web_socket(route))
    responses["101"] = {{"description", "A WebSocket: a JSON text at each change"}};
  else if (route.follow)
    responses["200"] = {{"description", "Events: a JSON text at each change"},
                        {"content", {{"text/event-stream", ordered_json::object()}}}};
  else
    responses["200"] = {{"description", "The answer"}};
  responses["default"] = refusal_response();
  return responses;
}

ordered_json operation_of(const Route& route) {
  ordered_json operation{{"summary", route.doc.summary}};
  ordered_json parameters = path_parameters(route.pattern);
  for (const auto& parameter : route.doc.parameters)
    parameters.push_back(ordered_json(parameter));
  if (!parameters.empty()) operation["parameters"] = parameters;
  if (!route.doc.body.is_null())
    operation["requestBody"] = {
        {"required", true},
        {"content", {{"application/json", {{"schema", ordered_json(route.doc.body)}}}}}};
  operation["responses"] = responses_of(route);
  if (route.access == Access::kChange)  // {}: or without, on the server's own machine
    operation["security"] =
        ordered_json::array({{{kTokenScheme, ordered_json::array()}}, ordered_json::object()});
  return operation;
}

}  // namespace

ordered_json openapi_document(const Routes& routes, const std::string& version) {
  ordered_json paths = ordered_json::object();
  for (const Route& route : routes)
    if (route.pattern.find("*}") == std::string::npos)
      paths[route.pattern][lower_method(route.method)] = operation_of(route);
  const ordered_json refusal_schema{{"type", "object"},
                                    {"required", {"detail"}},
                                    {"properties", {{"detail", {{"type", "string"}}}}}};
  return {{"openapi", "3.0.3"},
          {"info", {{"title", "topobathy"}, {"version", version}}},
          {"paths", paths},
          {"components",
           {{"schemas", {{"Refusal", refusal_schema}}},
            {"securitySchemes", {{kTokenScheme, {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

}  // namespace topobathy
