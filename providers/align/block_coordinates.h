#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "fusion/block_mask.h"
#include "fusion/lattice.h"
#include "providers/align/transformer.h"

namespace topobathy {

/// Where the pixels of one anchored 32 x 32 lattice block lie in another CRS.
///
/// PROJ is asked at the block's corners; inside, positions are bilinear. The second differences of
/// the corners around bound what that costs (h^2/8 (|f_xx| + |f_yy|)); where the bound passes a
/// tolerance the block is cut finer, down to PROJ for every pixel. Corners belong to the lattice,
/// so the position of a pixel never depends on a window.
struct BlockCorners {
  LatticeWindow block;
  std::array<double, 4>
      x{};  ///< upper left, upper right, lower left, lower right corner of the block, target CRS
  std::array<double, 4> y{};
  double error_x = 0.0;  ///< bound of the bilinear error inside the block, CRS units; infinite
                         ///< where a corner cannot be transformed
  double error_y = 0.0;
};

/// Corner positions for one pair (lattice, target CRS), made in anchored tiles of 16 x 16 blocks
/// and kept. Thread-safe.
class BlockCoordinates {
 public:
  BlockCoordinates(const Lattice& lattice, const std::string& target_crs);

  BlockCorners corners(std::int64_t block_col, std::int64_t block_row);
  /// Exact positions of points given in lattice pixels (fractional, pixel (0,0) has its upper left
  /// corner at 0,0), NaN where PROJ has none. Longitudes come unwrapped to within 180 degrees of
  /// `near_x`.
  void exact(std::vector<double>& x, std::vector<double>& y, double near_x) const;
  /// The target's longitudes repeat every 360 units; 0 for other CRSs.
  double period() const noexcept { return period_; }

 private:
  struct Tile;
  std::shared_ptr<const Tile> tile(std::int64_t tile_col, std::int64_t tile_row);
  std::shared_ptr<const Tile> make_tile(std::int64_t tile_col, std::int64_t tile_row) const;

  Lattice lattice_;
  Transformer transformer_;
  double period_ = 0.0;
  std::mutex mutex_;
  std::list<std::pair<CellIndex, std::shared_ptr<const Tile>>>
      tiles_;  ///< most recently used first
  std::unordered_map<CellIndex, decltype(tiles_)::iterator> index_;
};

/// The one BlockCoordinates of a pair, shared by every step of every policy; the pairs used last
/// are kept.
std::shared_ptr<BlockCoordinates> shared_block_coordinates(const Lattice& lattice,
                                                           const std::string& target_crs);

}  // namespace topobathy
