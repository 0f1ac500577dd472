#include "utils/serve/point_routes.h"

#include "utils/serve/checked_route.h"
#include "utils/serve/points/handlers.h"
#include "utils/serve/source_fault.h"

namespace topobathy {
Routes point_routes(Service& service) {
  return {
      checked_route(service, "/elevation", Cost::kHeavy,
                    "Elevation, uncertainty and source of a position", elevation_specs(),
                    serve_elevation),
      checked_route(service, "/source_info", Cost::kHeavy,
                    "Which sources made the pixel of a position, and how", source_info_specs(),
                    serve_source_info),
      checked_route(service, "/profile", Cost::kHeavy, "Elevations and sources along a line",
                    profile_specs(service.settings().limits.profile_points), serve_profile),
  };
}

}  // namespace topobathy
