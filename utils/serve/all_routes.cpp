#include "utils/serve/all_routes.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace topobathy {

Routes all_routes(Service& service) {
  using Group = Routes (*)(Service&);
  // One line a group: tile_routes, point_routes, ...
  const std::initializer_list<Group> groups = {};
  Routes routes;
  for (const Group group : groups) {
    Routes more = group(service);
    std::move(more.begin(), more.end(), std::back_inserter(routes));
  }
  return routes;
}

}  // namespace topobathy
