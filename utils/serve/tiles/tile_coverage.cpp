#include "utils/serve/http_error.h"
#include "utils/serve/tiles/handlers.h"
#include "utils/tiles/tile_cover.h"

namespace topobathy {
namespace {

using nlohmann::json;

json bounds_json(const LonLatBox& box) {
  return {{"west", box.west}, {"south", box.south}, {"east", box.east}, {"north", box.north}};
}

/// Of a box over the antimeridian x_min lies behind x_max, as west lies behind east.
json limits_json(const TileCover& cover) {
  const auto& blocks = cover.blocks();
  if (blocks.empty()) return nullptr;
  return {{"x_min", blocks.front().first},
          {"x_max", blocks.back().last},
          {"y_min", blocks.front().top},
          {"y_max", blocks.front().bottom}};
}

json tiles_json(const TileCover& cover) {
  json tiles = json::array();
  for (std::int64_t i = 0; i < cover.count(); ++i) {
    const TileAddress at = cover.at(i);
    tiles.push_back(
        {{"z", at.z}, {"x", at.x}, {"y", at.y}, {"bounds", bounds_json(tile_bounds(at))}});
  }
  return tiles;
}

}  // namespace

const QuerySpecs& tile_coverage_specs() {
  using Kind = QuerySpec::Kind;
  static const QuerySpecs specs = {
      {"north", Kind::kNumber, "north edge in degrees", true, -90.0, 90.0, {}, ""},
      {"south", Kind::kNumber, "south edge in degrees", true, -90.0, 90.0, {}, ""},
      {"west",
       Kind::kNumber,
       "west edge in degrees; greater than east across the antimeridian",
       true,
       -540.0,
       540.0,
       {},
       ""},
      {"east", Kind::kNumber, "east edge in degrees", true, -540.0, 540.0, {}, ""},
      {"zoom", Kind::kInteger, "of the tiles", true, 0.0, kDeepestZoom, {}, ""},
  };
  return specs;
}

ServiceAnswer serve_tile_coverage(Service& service, const ServiceRequest& request) {
  const CheckedQuery query(request, tile_coverage_specs());
  const LonLatBox box{*query.number("west"), *query.number("south"), *query.number("east"),
                      *query.number("north")};
  const int zoom = static_cast<int>(*query.integer("zoom"));
  const TileCover cover = tiles_of_box(box, zoom);
  json answer = {{"zoom", zoom},
                 {"bounds", bounds_json(box)},
                 {"limits", limits_json(cover)},
                 {"count", cover.count()},
                 {"tiles", json::array()}};
  const bool listed = cover.count() <= service.settings().limits.coverage_tiles;
  if (listed) answer["tiles"] = tiles_json(cover);
  answer["listed"] = listed;
  return json_answer(answer);
}

}  // namespace topobathy
