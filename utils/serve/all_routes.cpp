#include "utils/serve/all_routes.h"

#include <iterator>

#include "utils/serve/analysis_routes.h"
#include "utils/serve/cache_routes.h"
#include "utils/serve/dem_routes.h"
#include "utils/serve/fuse_routes.h"
#include "utils/serve/hydrate_routes.h"
#include "utils/serve/point_routes.h"
#include "utils/serve/policy_routes.h"
#include "utils/serve/tile_routes.h"

namespace topobathy {

Routes all_routes(Service& service) {
  const ServiceSettings& settings = service.settings();
  Routes routes;
  for (Routes& group :
       std::vector<Routes>{tile_routes(service), point_routes(service), fuse_routes(service),
                           analysis_routes(service), policy_routes(service), dem_routes(service),
                           hydrate_routes(settings), cache_routes(settings)})
    std::move(group.begin(), group.end(), std::back_inserter(routes));
  return routes;
}

}  // namespace topobathy
