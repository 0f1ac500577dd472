#include "utils/serve/area_schema.h"

namespace topobathy {
namespace {

using nlohmann::json;

json query_parameter(const char* name, const char* what, const char* type) {
  return {{"name", name}, {"in", "query"}, {"description", what}, {"schema", {{"type", type}}}};
}

}  // namespace

json text_parameter(const char* name, const char* what) {
  return query_parameter(name, what, "string");
}

json number_parameter(const char* name, const char* what) {
  return query_parameter(name, what, "number");
}

json area_parameters() {
  return json::array({text_parameter("bbox", "west,south,east,north in degrees"),
                      number_parameter("west", "degrees, instead of bbox"),
                      number_parameter("south", "degrees, instead of bbox"),
                      number_parameter("east", "degrees, instead of bbox; may pass 180"),
                      number_parameter("north", "degrees, instead of bbox"),
                      number_parameter("resolution", "metres; default: the policy's"),
                      query_parameter("zoom", "of EPSG:3857, instead of resolution", "integer"),
                      text_parameter("crs", "EPSG code or WKT; default: the policy's")});
}

json area_body_schema() {
  const json number{{"type", "number"}};
  const json text{{"type", "string"}};
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties",
           {{"bbox", {{"type", "array"}, {"items", number}, {"minItems", 4}, {"maxItems", 4}}},
            {"west", number},
            {"south", number},
            {"east", number},
            {"north", number},
            {"resolution", number},
            {"zoom", {{"type", "integer"}}},
            {"crs", text},
            {"policy", text},
            {"policy_name", text},
            {"policy_yaml", text}}}};
}

}  // namespace topobathy
