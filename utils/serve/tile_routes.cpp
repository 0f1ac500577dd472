#include "utils/serve/tile_routes.h"

#include <utility>

#include "utils/serve/checked_route.h"
#include "utils/serve/source_fault.h"
#include "utils/serve/tiles/handlers.h"

namespace topobathy {
Routes tile_routes(Service& service) {
  Route tile = checked_route(service, "/tiles/{z}/{x}/{y}", Cost::kHeavy,
                             "A tile, as a picture or as numbers; {y} may end in its extension",
                             tile_specs(), serve_tile);
  tile.at_hand = with_source_faults(
      [&service](const ServiceRequest& request) { return serve_stored_tile(service, request); });
  return {
      std::move(tile),
      checked_route(service, "/tiles/{z}/{x}/{y}/metadata", Cost::kHeavy,
                    "What a tile shows, and of which sources", tile_metadata_specs(),
                    serve_tile_metadata),
      checked_route(service, "/tiles/{z}/{x}/{y}/pixel", Cost::kHeavy, "A pixel of a tile",
                    tile_pixel_specs(), serve_tile_pixel),
      checked_route(service, "/tiles/coverage", Cost::kQuick, "The tiles of a box",
                    tile_coverage_specs(), serve_tile_coverage),
      checked_route(service, "/tilejson.json", Cost::kHeavy, "The tiles for maps (TileJSON 3.0)",
                    tilejson_specs(), serve_tilejson),
      checked_route(service, "/legend", Cost::kHeavy, "Colours of a style and of the sources",
                    legend_specs(), serve_legend),
  };
}

}  // namespace topobathy
