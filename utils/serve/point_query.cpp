#include "utils/serve/point_query.h"

#include "cache/json_text.h"

namespace topobathy {

QuerySpecs position_specs() {
  using Kind = QuerySpec::Kind;
  return {
      {"lat", Kind::kNumber, "latitude in degrees, north positive", true, -90.0, 90.0, {}, ""},
      {"lon", Kind::kNumber, "longitude in degrees, east positive", true, -540.0, 540.0, {}, ""}};
}

QuerySpecs point_grid_specs() {
  using Kind = QuerySpec::Kind;
  return {{"zoom",
           Kind::kInteger,
           "read from the pixels of web tiles of 256 pixels of this zoom instead of the policy's "
           "own",
           false,
           0.0,
           kDeepestZoom + 1.0,
           {},
           ""},
          {"policy", Kind::kText, "name of a policy of the server", false, {}, {}, {}, ""}};
}

QuerySpecs joined(std::initializer_list<QuerySpecs> lists) {
  QuerySpecs all;
  for (const QuerySpecs& specs : lists)
    all.insert(all.end(), specs.begin(), specs.end());
  return all;
}

LonLat asked_position(const CheckedQuery& query) {
  return {*query.number("lon"), *query.number("lat")};
}

std::shared_ptr<FusedRaster> asked_raster(Service& service, const CheckedQuery& query) {
  const auto policy = service.policy(query.text("policy").value_or(""));
  if (const auto zoom = query.integer("zoom"))
    return policy->tiles().raster(static_cast<int>(*zoom));
  return policy->raster(policy->request());
}

nlohmann::json datum_json(const Policy& policy) {
  if (!policy.vertical_crs || policy.vertical_crs->empty()) return nullptr;
  return json_from_bytes(*policy.vertical_crs);
}

}  // namespace topobathy
