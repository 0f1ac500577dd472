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

/// Moves a pixel that lies just beside the tile into it. `at` stays on the raster's own turn.
void pull_in(const LatticeWindow& window, std::int64_t& col, FoundPixel& at) {
  const std::int64_t c = std::clamp(col, window.col, window.right() - 1);
  const std::int64_t r = std::clamp(at.row, window.row, window.bottom() - 1);
  at.col += c - col;
  col = c;
  at.row = r;
  at.inside = at.extent.contains(at.col, at.row);
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
  FoundPixel at = find_pixels(*raster, 0, {position}).front();
  const LatticeWindow window = asked.request.window();
  std::int64_t col = in_turn_of(window, at.col, asked.request.pixel_zoom());
  pull_in(window, col, at);
  const PixelSample sample = read_pixel(*raster, 0, at, request.gone);
  nlohmann::json facts = {{"z", asked.request.address.z},
                          {"x", asked.request.address.x},
                          {"y", asked.request.address.y},
                          {"pixel", {{"row", at.row - window.row}, {"col", col - window.col}}}};
  add_sample(sample, facts);
  ServiceAnswer answer = json_answer(facts);
  add_freshness(answer, sample.left_out);
  return answer;
}

}  // namespace topobathy
