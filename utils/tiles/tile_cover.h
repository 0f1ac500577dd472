#pragma once

#include <vector>

#include "fusion/policy/policy.h"
#include "utils/tiles/tile_request.h"

namespace topobathy {

/// The latitude where the square world of the XYZ scheme ends: atan(sinh(pi)).
constexpr double kTileLatitude = 85.0511287798066;

/// The tiles of one zoom that a box covers, row by row, without holding them: a box may have
/// billions.
class TileCover {
 public:
  /// Columns [first, last], rows [top, bottom].
  struct Block {
    std::int64_t first = 0, last = 0;
    std::int64_t top = 0, bottom = 0;
    std::int64_t count() const noexcept { return (last - first + 1) * (bottom - top + 1); }
  };
  TileCover(int zoom, std::vector<Block> blocks) : zoom_(zoom), blocks_(std::move(blocks)) {}

  int zoom() const noexcept { return zoom_; }
  std::int64_t count() const noexcept;
  /// \pre 0 <= number < count()
  TileAddress at(std::int64_t number) const noexcept;
  const std::vector<Block>& blocks() const noexcept { return blocks_; }

 private:
  int zoom_;
  std::vector<Block> blocks_;  ///< two where the box crosses the antimeridian; none share a tile
};

/// The tiles that have a part of the box inside: a tile whose edge the box only touches (within
/// 1e-6 pixel) is none. A box without width or height is a line or a point, which lies in the tile
/// to its east and south. West > east crosses the antimeridian, as does a box that passes 180;
/// latitudes beyond kTileLatitude are cut off, and a box that lies there altogether has no tile.
/// \throws Error(kUsage): zoom, south above north, no numbers
TileCover tiles_of_box(const LonLatBox& box, int zoom);

/// Degrees; the tile's outline.
LonLatBox tile_bounds(const TileAddress& tile);

}  // namespace topobathy
