#include "cache/json_text.h"
#include "utils/serve/freshness.h"
#include "utils/serve/tiles/handlers.h"
#include "utils/serve/tiles/tile_query.h"
#include "utils/tiles/tile_cover.h"
#include "utils/tiles/tile_facts.h"

namespace topobathy {
namespace {

using nlohmann::json;

json facts_of_nothing(const TileRequest& request, const Policy& policy) {
  json facts = asked_facts(request, policy);
  facts["created_at"] = nullptr;
  facts["valid_pixels"] = 0;
  facts["sources"] = json::array();
  return facts;
}

/// Names by id: what clients of the Python system look for.
json provenance_of(const json& sources) {
  json names = json::object();
  for (const json& row : sources) {
    json& entry = names[std::to_string(row.at("id").get<SourceId>())];
    entry = {{"name", row.at("name")}, {"provider", row.value("provider", json())}};
    if (row.contains("resolution")) entry["resolution"] = row["resolution"];
  }
  return names;
}

json told_facts(const Tile& tile, const TileRequest& request, const Policy& policy) {
  json facts = tile.empty ? facts_of_nothing(request, policy) : json::parse(tile.meta);
  for (const char* internal : {"checksum", "stored", "cells", "tile", "incomplete"})
    facts.erase(internal);
  facts["z"] = request.address.z;
  facts["x"] = request.address.x;
  facts["y"] = request.address.y;
  facts["cache_status"] = tile.cached ? "hit" : "miss";
  facts["provenance_dict"] = provenance_of(facts.at("sources"));
  if (!tile.left_out.empty()) facts["incomplete"] = json_from_bytes(tile.left_out);
  return facts;
}

}  // namespace

const QuerySpecs& tile_metadata_specs() {
  return tile_specs();
}

ServiceAnswer serve_tile_metadata(Service& service, const ServiceRequest& request) {
  const AskedTile asked = asked_tile(request, {request, tile_metadata_specs()});
  const auto policy = service.policy(asked.policy);
  const TilePointer tile = policy->tiles().get(asked.request);
  const auto raster = policy->tiles().raster(asked.request.pixel_zoom());
  ServiceAnswer answer = json_answer(told_facts(*tile, asked.request, raster->policy()));
  add_freshness(answer, tile->left_out);
  return answer;
}

}  // namespace topobathy
