#include "providers/align/block_coordinates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "providers/align/crs.h"

namespace topobathy {
namespace {

constexpr std::int64_t kTileBlocks = 16;  // 512 pixels: a cell touches one to four tiles
constexpr std::int64_t kTileNodes =
    kTileBlocks + 3;                     // one ring more on each side for the second differences
constexpr std::size_t kKeptTiles = 128;  // 361 nodes, 5.8 kB each
constexpr std::size_t kKeptCoordinates = 16;  // pairs of lattice level and source CRS in use lately

double unwrap(double x, double near_x, double period) noexcept {
  return period > 0 ? x - period * std::round((x - near_x) / period) : x;
}

}  // namespace

/// Nodes at the corners of the blocks of one tile and one ring around them, row-major.
struct BlockCoordinates::Tile {
  std::array<double, kTileNodes * kTileNodes> x;
  std::array<double, kTileNodes * kTileNodes> y;
};

BlockCoordinates::BlockCoordinates(const Lattice& lattice, const std::string& target_crs)
    : lattice_(lattice), transformer_(lattice.crs(), target_crs) {
  if (crs_traits(target_crs).kind == CrsTraits::Kind::kGeographic) period_ = 360.0;
}

std::shared_ptr<const BlockCoordinates::Tile> BlockCoordinates::make_tile(
    std::int64_t tile_col, std::int64_t tile_row) const {
  auto tile = std::make_shared<Tile>();
  for (std::int64_t j = 0; j < kTileNodes; ++j) {
    for (std::int64_t i = 0; i < kTileNodes; ++i) {
      tile->x[j * kTileNodes + i] = lattice_.x((tile_col * kTileBlocks + i - 1) * kBlock);
      tile->y[j * kTileNodes + i] = lattice_.y((tile_row * kTileBlocks + j - 1) * kBlock);
    }
  }
  transformer_.transform(tile->x.size(), tile->x.data(), tile->y.data());
  return tile;
}

std::shared_ptr<const BlockCoordinates::Tile> BlockCoordinates::tile(std::int64_t tile_col,
                                                                     std::int64_t tile_row) {
  const CellIndex key{tile_col, tile_row};
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto known = index_.find(key); known != index_.end()) {
      tiles_.splice(tiles_.begin(), tiles_, known->second);
      return known->second->second;
    }
  }
  auto made = make_tile(tile_col, tile_row);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (index_.count(key)) return made;  // another thread made the same nodes meanwhile
  tiles_.emplace_front(key, made);
  index_[key] = tiles_.begin();
  if (tiles_.size() > kKeptTiles) {
    index_.erase(tiles_.back().first);
    tiles_.pop_back();
  }
  return made;
}

BlockCorners BlockCoordinates::corners(std::int64_t block_col, std::int64_t block_row) {
  const std::int64_t tile_col = floor_div(block_col, kTileBlocks);
  const std::int64_t tile_row = floor_div(block_row, kTileBlocks);
  const auto nodes = tile(tile_col, tile_row);
  const std::int64_t first =
      (block_row - tile_row * kTileBlocks) * kTileNodes + (block_col - tile_col * kTileBlocks);
  BlockCorners corners;
  corners.block = BlockMask::pixels(block_col, block_row);
  // The 4 x 4 nodes around; the block's own corners are its inner 2 x 2.
  std::array<double, 16> x;
  std::array<double, 16> y;
  const double near_x = nodes->x[first + kTileNodes + 1];
  for (std::int64_t k = 0; k < 16; ++k) {
    const std::int64_t node = first + (k / 4) * kTileNodes + k % 4;
    x[k] = unwrap(nodes->x[node], near_x, period_);
    y[k] = nodes->y[node];
  }
  const auto bend = [](const std::array<double, 16>& v, std::int64_t k, std::int64_t step) {
    return std::fabs(v[k - step] - 2.0 * v[k] + v[k + step]);
  };
  static constexpr std::array<std::int64_t, 4> kInner{5, 6, 9, 10};
  for (std::size_t c = 0; c < kInner.size(); ++c) {
    const std::int64_t k = kInner[c];
    corners.x[c] = x[k];
    corners.y[c] = y[k];
    const double error_x = (bend(x, k, 1) + bend(x, k, 4)) / 8.0;
    const double error_y = (bend(y, k, 1) + bend(y, k, 4)) / 8.0;
    const double infinite = std::numeric_limits<double>::infinity();
    corners.error_x = std::isfinite(error_x) ? std::max(corners.error_x, error_x) : infinite;
    corners.error_y = std::isfinite(error_y) ? std::max(corners.error_y, error_y) : infinite;
  }
  return corners;
}

void BlockCoordinates::exact(std::vector<double>& x, std::vector<double>& y, double near_x) const {
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] *= lattice_.pixel_size();
    y[i] *= -lattice_.pixel_size();
  }
  transformer_.transform(x.size(), x.data(), y.data());
  if (!std::isfinite(near_x)) {
    const auto first = std::find_if(x.begin(), x.end(), [](double v) { return std::isfinite(v); });
    if (first == x.end()) return;
    near_x = *first;
  }
  for (double& value : x)
    value = unwrap(value, near_x, period_);
}

std::shared_ptr<BlockCoordinates> shared_block_coordinates(const Lattice& lattice,
                                                           const std::string& target_crs) {
  using Entry =
      std::pair<std::tuple<std::string, double, std::string>, std::shared_ptr<BlockCoordinates>>;
  static std::mutex mutex;
  static std::list<Entry> kept;  // most recently used first
  const auto key = std::make_tuple(lattice.crs(), lattice.pixel_size(), target_crs);
  const std::lock_guard<std::mutex> lock(mutex);
  const auto known = std::find_if(kept.begin(), kept.end(),
                                  [&](const Entry& entry) { return entry.first == key; });
  if (known != kept.end()) {
    kept.splice(kept.begin(), kept, known);
    return kept.front().second;
  }
  kept.emplace_front(key, std::make_shared<BlockCoordinates>(lattice, target_crs));
  if (kept.size() > kKeptCoordinates) kept.pop_back();
  return kept.front().second;
}

}  // namespace topobathy
