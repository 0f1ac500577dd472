#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fusion/cell_plan.h"
#include "fusion/error.h"
#include "utils/hydrate/hydration_area.h"
#include "utils/tiles/tile_request.h"

namespace topobathy {

/// What is made of a tile. A style is meaningless (kChart) for formats that are no pictures.
struct TileLook {
  TileFormat format = TileFormat::kPng;
  TileStyle style = TileStyle::kChart;
};

/// A tile of a plan.
struct PlannedTile {
  TileAddress address;
  TileLook look;
};

/// First and last zoom.
struct ZoomRange {
  int first = 0;
  int last = 0;
};

/// Gives addresses one after the other, nothing at the end.
using TileStream = std::function<std::optional<TileAddress>()>;

/// The tiles of an area, zoom by zoom, coarse ones first: of a box those of tiles_of_box(), of
/// polygons those with a pixel (half a pixel of the tile) whose centre lies inside. Holds none of
/// them. \throws Error(kUsage): a zoom, or an area without any tile
TileStream tiles_of_area(const HydrationArea& area, ZoomRange zooms, CellOrder order, Shard shard);

/// The tiles that a text file names, one z/x/y a line, in its order; read as it goes.
/// \throws Error(kNotFound); the stream throws Error(kUsage) at a line that is no tile
TileStream tiles_of_list(const std::string& path, Shard shard);

/// "13/2486/3002". \throws Error(kUsage) naming the place
TileAddress tile_of_text(const std::string& text, const Place& place, int deepest);

/// Goes through tiles, each in all its looks: neighbours in the plan share fused pixels.
class TilePlan {
 public:
  /// `begin` starts the same tiles anew at each call.
  TilePlan(std::function<TileStream()> begin, std::vector<TileLook> looks)
      : begin_(std::move(begin)), looks_(std::move(looks)), stream_(begin_()) {}

  std::optional<PlannedTile> next();
  /// Of all that next() gives from the beginning, by zoom. Goes through them.
  std::vector<std::int64_t> count_by_zoom() const;

 private:
  std::function<TileStream()> begin_;
  std::vector<TileLook> looks_;
  TileStream stream_;
  std::optional<TileAddress> here_;
  std::size_t look_ = 0;  ///< of here_, that comes next
};

}  // namespace topobathy
