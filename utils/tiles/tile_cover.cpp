#include "utils/tiles/tile_cover.h"

#include <algorithm>
#include <cmath>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr double kPi = 3.14159265358979323846;
/// 1e-6 of a pixel, in tiles.
constexpr double kOnTheEdge = 1e-6 / 256.0;

/// Tiles from the west edge of the world.
double column_of(double lon, double side) {
  return (lon + 180.0) / 360.0 * side;
}
/// Tiles from its north edge.
double row_of(double lat, double side) {
  const double phi = std::clamp(lat, -kTileLatitude, kTileLatitude) * kPi / 180.0;
  return (1.0 - std::asinh(std::tan(phi)) / kPi) / 2.0 * side;
}

struct Range {
  std::int64_t first, last;
};
/// Tiles between two edges, at least one.
Range tiles_between(double from, double to, std::int64_t side) {
  const auto first = static_cast<std::int64_t>(std::floor(from + kOnTheEdge));
  const auto last = static_cast<std::int64_t>(std::ceil(to - kOnTheEdge)) - 1;
  const std::int64_t start = std::clamp<std::int64_t>(first, 0, side - 1);
  return {start, std::clamp<std::int64_t>(last, start, side - 1)};
}

/// [west, east] as one or two stretches of [-180, 180].
std::vector<std::pair<double, double>> stretches(double west, double east) {
  if (east < west) east += 360.0;
  if (east - west >= 360.0) return {{-180.0, 180.0}};
  const double turn = 360.0 * std::floor((west + 180.0) / 360.0);
  west -= turn, east -= turn;  // west is in [-180, 180)
  if (east <= 180.0) return {{west, east}};
  return {{west, 180.0}, {-180.0, east - 360.0}};
}

void check_box(const LonLatBox& box, int zoom) {
  if (zoom < 0 || zoom > kDeepestZoom)
    throw Error(ErrorCode::kUsage, "zoom " + std::to_string(zoom) +
                                       ": tiles have a zoom from 0 to " +
                                       std::to_string(kDeepestZoom));
  for (const double edge : {box.west, box.south, box.east, box.north})
    if (!std::isfinite(edge) || std::abs(edge) > 720.0)
      throw Error(ErrorCode::kUsage, "a box of tiles is west, south, east, north in degrees");
  if (box.south > box.north)
    throw Error(ErrorCode::kUsage, "the box's south lies north of its north");
}

}  // namespace

std::int64_t TileCover::count() const noexcept {
  std::int64_t sum = 0;
  for (const Block& block : blocks_)
    sum += block.count();
  return sum;
}

TileAddress TileCover::at(std::int64_t number) const noexcept {
  for (const Block& block : blocks_) {
    if (number < block.count()) {
      const std::int64_t width = block.last - block.first + 1;
      return {zoom_, block.first + number % width, block.top + number / width};
    }
    number -= block.count();
  }
  return {zoom_, 0, 0};
}

TileCover tiles_of_box(const LonLatBox& box, int zoom) {
  check_box(box, zoom);
  if (box.south >= kTileLatitude || box.north <= -kTileLatitude) return {zoom, {}};
  const std::int64_t side = std::int64_t{1} << zoom;
  const auto tiles = static_cast<double>(side);
  const Range rows = tiles_between(row_of(box.north, tiles), row_of(box.south, tiles), side);
  std::vector<TileCover::Block> blocks;
  for (const auto& [west, east] : stretches(box.west, box.east)) {
    const Range columns = tiles_between(column_of(west, tiles), column_of(east, tiles), side);
    TileCover::Block block{columns.first, columns.last, rows.first, rows.last};
    // Coarse tiles reach around the world: the second stretch ends before the first begins.
    if (!blocks.empty()) block.last = std::min(block.last, blocks.front().first - 1);
    if (block.first <= block.last) blocks.push_back(block);
  }
  return {zoom, std::move(blocks)};
}

LonLatBox tile_bounds(const TileAddress& tile) {
  const double side = std::ldexp(1.0, tile.z);
  const auto lon = [&](std::int64_t x) { return static_cast<double>(x) / side * 360.0 - 180.0; };
  const auto lat = [&](std::int64_t y) {
    return std::atan(std::sinh(kPi * (1.0 - 2.0 * static_cast<double>(y) / side))) * 180.0 / kPi;
  };
  return {lon(tile.x), lat(tile.y + 1), lon(tile.x + 1), lat(tile.y)};
}

}  // namespace topobathy
