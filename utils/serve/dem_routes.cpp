#include "utils/serve/dem_routes.h"

#include "providers/object_store/cache_place.h"
#include "utils/serve/area_schema.h"
#include "utils/serve/dem/dem_handlers.h"

namespace topobathy {
namespace {

using nlohmann::json;
using DemHandler = ServiceAnswer (*)(CellCatalogue&, const ServiceRequest&);

json dem_window_parameters() {
  json parameters = json::array({text_parameter("bbox", "west,south,east,north in degrees")});
  for (const char* name : {"west", "south", "east", "north"})
    parameters.push_back(number_parameter(name, "degrees, instead of bbox"));
  for (const char* name : {"col", "row", "width", "height"})
    parameters.push_back(number_parameter(name, "pixels, instead of a box"));
  parameters.push_back(number_parameter("max_dim", "the longer side has at most so many pixels"));
  return parameters;
}

std::string catalogue_root(const OpenRequest& policy) {
  return cache_place(policy.cache_dir.empty() ? default_cache_root() : policy.cache_dir).folder;
}

}  // namespace

Routes dem_routes(Service& service) {
  const auto catalogue = std::make_shared<CellCatalogue>(catalogue_root(service.settings().policy));
  Routes routes;
  const auto add = [&](const char* pattern, const char* summary, const json& parameters,
                       DemHandler handler) {
    Route route;
    route.pattern = std::string("/api/v1/dem/datasets") + pattern;
    route.cost = Cost::kHeavy;
    route.doc = {summary, parameters, nullptr};
    route.handler = [catalogue, handler](const ServiceRequest& request) {
      return handler(*catalogue, request);
    };
    routes.push_back(std::move(route));
  };
  const json window = dem_window_parameters();
  json with_resolution = window;
  with_resolution.push_back(number_parameter("resolution", "ignored: cells have their own"));
  add("", "Areas of fused cells", json::array({text_parameter("source", "ignored")}), list_dem);
  add("/{id}/meta", "Grid and sources of a window", window, dem_meta);
  add("/{id}/elevation.bin", "float32 heights of a window", window, dem_elevation);
  add("/{id}/provenance.bin", "uint32 source ids of a window", window, dem_provenance);
  add("/{id}/quality", "Cliffs and steps between sources", with_resolution, dem_quality);
  add("/{id}/cell_at", "The cell at a place",
      json::array({number_parameter("lat", "degrees"), number_parameter("lon", "degrees")}),
      dem_cell_at);
  return routes;
}

}  // namespace topobathy
