#include "utils/serve/freshness.h"
#include "utils/serve/pixel_sample.h"
#include "utils/serve/point_query.h"
#include "utils/serve/points/handlers.h"

namespace topobathy {

const QuerySpecs& elevation_specs() {
  static const QuerySpecs specs = joined({position_specs(), point_grid_specs()});
  return specs;
}

ServiceAnswer serve_elevation(Service& service, const ServiceRequest& request) {
  const CheckedQuery query(request, elevation_specs());
  const LonLat position = asked_position(query);
  const auto raster = asked_raster(service, query);
  const FoundPixel at = find_pixels(*raster, 0, {position}).front();
  const PixelSample sample = read_pixel(*raster, 0, at, request.gone);
  nlohmann::json facts = {{"lon", position.lon},
                          {"lat", position.lat},
                          {"unit", "meters"},
                          {"datum", datum_json(raster->policy())},
                          {"pixel", pixel_place(*raster, 0, at)}};
  add_sample(sample, facts);
  ServiceAnswer answer = json_answer(facts);
  add_freshness(answer, sample.left_out);
  return answer;
}

}  // namespace topobathy
