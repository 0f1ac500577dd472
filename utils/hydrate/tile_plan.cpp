#include "utils/hydrate/tile_plan.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "providers/align/crs.h"
#include "providers/align/lattice_rings.h"
#include "utils/tiles/tile_cover.h"

namespace topobathy {
namespace {

constexpr char kWebMercator[] = "EPSG:3857";
/// Lines of a list in a row that one shard takes, as of a CellPlan.
constexpr std::int64_t kDealt = 16;

/// Tiles are the cells of a lattice (512 pixels), that of the deepest zoom or coarser levels of it:
/// so cells know how to go through them.
Lattice deepest_lattice() {
  return Lattice::from_zoom(kWebMercator, crs_traits(kWebMercator), kDeepestZoom + 1);
}

/// Columns are counted from the middle of the world. \pre zoom > 0
std::int64_t half_side(int zoom) {
  return std::int64_t{1} << (zoom - 1);
}

void add_zoom(const HydrationArea& area, int zoom, std::vector<PlannedArea>& areas) {
  const Lattice lattice = deepest_lattice().at_level(kDeepestZoom - zoom);
  const std::int64_t half = half_side(zoom), size = lattice.cell_size();
  std::vector<ZoneMask::Ring> rings;
  for (const HydrationArea::Ring& ring : area.rings) {
    const auto turns = lattice_rings(ring, lattice);
    if (turns.empty())
      throw Error(
          ErrorCode::kUsage,
          "the area reaches a pole, where web maps have no coordinates: give a smaller one");
    rings.insert(rings.end(), turns.begin(), turns.end());
  }
  const auto mask = rings.empty() ? nullptr : std::make_shared<const ZoneMask>(rings);
  const TileCover cover = tiles_of_box(area.bounds, zoom);
  for (const TileCover::Block& block : cover.blocks())
    areas.push_back({lattice,
                     {(block.first - half) * size, (block.top - half) * size,
                      (block.last - block.first + 1) * size, (block.bottom - block.top + 1) * size},
                     mask});
}

TileAddress address_of(const PlannedCell& cell) {
  const int zoom = kDeepestZoom - cell.level;
  return {zoom, cell.cell.col + half_side(zoom), cell.cell.row + half_side(zoom)};
}

}  // namespace

TileStream tiles_of_area(const HydrationArea& area, ZoomRange zooms, CellOrder order, Shard shard) {
  if (tiles_of_box(area.bounds, zooms.last).count() == 0)
    throw Error(ErrorCode::kUsage,
                "the area has no web tile: these end at 85.05 degrees north and south");
  std::vector<PlannedArea> areas;
  for (int zoom = std::max(1, zooms.first); zoom <= zooms.last; ++zoom)
    add_zoom(area, zoom, areas);
  // The tile of zoom 0 lies around the corner of four cells: it goes by itself.
  return [world = zooms.first == 0 && shard.number == 1,
          plan = CellPlan(std::move(areas), order, shard)]() mutable -> std::optional<TileAddress> {
    if (std::exchange(world, false)) return TileAddress{};
    const auto cell = plan.next();
    if (!cell) return std::nullopt;
    return address_of(*cell);
  };
}

TileStream tiles_of_list(const std::string& path, Shard shard) {
  const auto file = std::make_shared<std::ifstream>(path);
  if (!*file) throw Error(ErrorCode::kNotFound, "'" + path + "' cannot be read");
  return [=, number = 0, taken = std::int64_t{0}]() mutable -> std::optional<TileAddress> {
    std::string line;
    while (std::getline(*file, line)) {
      ++number;
      if (line.empty()) continue;
      const TileAddress tile = tile_of_text(line, {path, number, 1}, kDeepestZoom);
      if ((taken++ / kDealt) % shard.count == shard.number - 1) return tile;
    }
    return std::nullopt;
  };
}

TileAddress tile_of_text(const std::string& text, const Place& place, int deepest) {
  std::istringstream words(text);
  TileAddress tile{-1, -1, -1};
  char first = 0, second = 0;
  std::string more;
  const bool read = (words >> tile.z >> first >> tile.x >> second >> tile.y) && !(words >> more);
  const std::int64_t side = tile.z >= 0 && tile.z <= deepest ? std::int64_t{1} << tile.z : 0;
  if (!read || first != '/' || second != '/' || tile.x < 0 || tile.x >= side || tile.y < 0 ||
      tile.y >= side)
    throw Error(ErrorCode::kUsage, "'" + text + "' is no web tile: write z/x/y, as 13/2486/3002",
                place);
  return tile;
}

std::optional<PlannedTile> TilePlan::next() {
  if (!here_ || look_ == looks_.size()) {
    here_ = stream_();
    look_ = 0;
  }
  if (!here_) return std::nullopt;
  return PlannedTile{*here_, looks_[look_++]};
}

std::vector<std::int64_t> TilePlan::count_by_zoom() const {
  std::vector<std::int64_t> counts(kDeepestZoom + 1, 0);
  const TileStream stream = begin_();
  while (const auto tile = stream())
    counts.at(static_cast<std::size_t>(tile->z)) += static_cast<std::int64_t>(looks_.size());
  return counts;
}

}  // namespace topobathy
