#include "utils/serve/tile_routes.h"

#include <utility>

#include "utils/serve/source_fault.h"
#include "utils/serve/tiles/handlers.h"

namespace topobathy {
namespace {

using TileHandler = ServiceAnswer (*)(Service&, const ServiceRequest&);

Route tile_route(Service& service, const char* pattern, Cost cost, const char* summary,
                 const QuerySpecs& specs, TileHandler handler) {
  Route route;
  route.pattern = pattern;
  route.cost = cost;
  route.doc.summary = summary;
  route.doc.parameters = parameters_of(specs);
  route.handler = with_source_faults(
      [&service, handler](const ServiceRequest& request) { return handler(service, request); });
  return route;
}

}  // namespace

Routes tile_routes(Service& service) {
  Route tile = tile_route(service, "/tiles/{z}/{x}/{y}", Cost::kHeavy,
                          "A tile, as a picture or as numbers; {y} may end in its extension",
                          tile_specs(), serve_tile);
  tile.ready = with_source_faults(
      [&service](const ServiceRequest& request) { return serve_stored_tile(service, request); });
  return {
      std::move(tile),
      tile_route(service, "/tiles/{z}/{x}/{y}/metadata", Cost::kHeavy,
                 "What a tile shows, and of which sources", tile_metadata_specs(),
                 serve_tile_metadata),
      tile_route(service, "/tiles/{z}/{x}/{y}/pixel", Cost::kHeavy, "A pixel of a tile",
                 tile_pixel_specs(), serve_tile_pixel),
      tile_route(service, "/tiles/coverage", Cost::kQuick, "The tiles of a box",
                 tile_coverage_specs(), serve_tile_coverage),
      tile_route(service, "/tilejson.json", Cost::kHeavy, "The tiles for maps (TileJSON 3.0)",
                 tilejson_specs(), serve_tilejson),
      tile_route(service, "/legend", Cost::kHeavy, "Colours of a style and of the sources",
                 legend_specs(), serve_legend),
  };
}

}  // namespace topobathy
