#include "utils/serve/point_routes.h"

#include "utils/serve/points/handlers.h"
#include "utils/serve/source_fault.h"

namespace topobathy {
namespace {

using PointHandler = ServiceAnswer (*)(Service&, const ServiceRequest&);

Route point_route(Service& service, const char* pattern, const char* summary,
                  const QuerySpecs& specs, PointHandler handler) {
  Route route;
  route.pattern = pattern;
  route.cost = Cost::kHeavy;
  route.doc.summary = summary;
  route.doc.parameters = parameters_of(specs);
  route.handler = with_source_faults(
      [&service, handler](const ServiceRequest& request) { return handler(service, request); });
  return route;
}

}  // namespace

Routes point_routes(Service& service) {
  return {
      point_route(service, "/elevation", "Elevation, uncertainty and source of a position",
                  elevation_specs(), serve_elevation),
      point_route(service, "/source_info", "Which sources made the pixel of a position, and how",
                  source_info_specs(), serve_source_info),
      point_route(service, "/profile", "Elevations and sources along a line",
                  profile_specs(service.settings().limits.profile_points), serve_profile),
  };
}

}  // namespace topobathy
