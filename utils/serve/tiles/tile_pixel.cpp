#include <algorithm>
#include <cmath>

#include "utils/serve/freshness.h"
#include "utils/serve/http_error.h"
#include "utils/serve/pixel_sample.h"
#include "utils/serve/point_query.h"
#include "utils/serve/tiles/handlers.h"
#include "utils/serve/tiles/tile_query.h"
#include "utils/tiles/tile_cover.h"

namespace topobathy {
namespace {

/// A click on a tile's edge, which another program has computed, belongs to the tile it names.
constexpr double kEdgeDegrees = 1e-9;

bool on_tile(const LonLatBox& box, const LonLat& position) {
  if (position.lat < box.south - kEdgeDegrees || position.lat > box.north + kEdgeDegrees)
    return false;
  for (const double turn : {0.0, 360.0, -360.0})
    if (position.lon + turn >= box.west - kEdgeDegrees &&
        position.lon + turn <= box.east + kEdgeDegrees)
      return true;
  return false;
}

/// The column nearest to the tile's window that is this one, whatever turn round the world it was
/// counted on.
std::int64_t in_turn_of(const LatticeWindow& window, std::int64_t col, int pixel_zoom) {
  const std::int64_t world = std::int64_t{1} << (pixel_zoom + 8);
  std::int64_t place = col - window.col;
  place -= world * floor_div(place, world);
  if (place >= window.width && world - place <= place - window.width) place -= world;
  return window.col + place;
}

/// The pixel of the tile's window, on the turn round the world where the raster has it.
FoundPixel on_turn_of(const LatticeWindow& extent, std::int64_t col, std::int64_t row,
                      int pixel_zoom) {
  const std::int64_t world = std::int64_t{1} << (pixel_zoom + 8);
  FoundPixel at;
  at.extent = extent;
  at.row = row;
  for (const std::int64_t turn : {std::int64_t{0}, world, -world}) {
    at.inside = extent.contains(col + turn, row);
    if (turn == 0 || at.inside) at.col = col + turn;
    if (at.inside) break;
  }
  return at;
}

}  // namespace

const QuerySpecs& tile_pixel_specs() {
  static const QuerySpecs specs = tile_query_specs(position_specs());
  return specs;
}

ServiceAnswer serve_tile_pixel(Service& service, const ServiceRequest& request) {
  const CheckedQuery query(request, tile_pixel_specs());
  const AskedTile asked = asked_tile(request, query);
  const LonLat position = asked_position(query);
  if (!on_tile(tile_bounds(asked.request.address), position))
    throw HttpError(400, "the position lies outside this tile");
  const auto raster = service.policy(asked.policy)->tiles().raster(asked.request.pixel_zoom());
  const FoundPixel found = find_pixels(*raster, 0, {position}).front();
  const LatticeWindow window = asked.request.window();
  const int zoom = asked.request.pixel_zoom();
  const std::int64_t col =
      std::clamp(in_turn_of(window, found.col, zoom), window.col, window.right() - 1);
  const std::int64_t row = std::clamp(found.row, window.row, window.bottom() - 1);
  const PixelSample sample =
      read_pixel(*raster, 0, on_turn_of(raster->extent(), col, row, zoom), request.gone);
  nlohmann::json facts = {{"z", asked.request.address.z},
                          {"x", asked.request.address.x},
                          {"y", asked.request.address.y},
                          {"pixel", {{"row", row - window.row}, {"col", col - window.col}}}};
  add_sample(sample, facts);
  ServiceAnswer answer = json_answer(facts);
  add_freshness(answer, sample.left_out);
  return answer;
}

}  // namespace topobathy
