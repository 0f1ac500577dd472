#include "providers/align/image_box.h"

#include <algorithm>
#include <cmath>

#include "providers/align/block_coordinates.h"

namespace topobathy {
namespace {

constexpr std::int64_t kManyBlocks =
    64;  // along an edge; beyond, sampled edges cost less than the corners of every block

/// Adds a block's corners and what the curve may lie beyond them. \returns false when a corner has
/// no image
bool add_block(const BlockCorners& corners, double near_x, double period, CrsBox& box) {
  if (!std::isfinite(corners.error_x + corners.error_y)) return false;
  for (std::size_t k = 0; k < 4; ++k) {
    const double x = period > 0
                         ? corners.x[k] - period * std::round((corners.x[k] - near_x) / period)
                         : corners.x[k];
    box.left = std::min(box.left, x - corners.error_x);
    box.right = std::max(box.right, x + corners.error_x);
    box.bottom = std::min(box.bottom, corners.y[k] - corners.error_y);
    box.top = std::max(box.top, corners.y[k] + corners.error_y);
  }
  return true;
}

/// The blocks along the window's edge bound the image of what is inside.
std::optional<CrsBox> box_of_blocks(const Lattice& lattice, const LatticeWindow& window,
                                    const std::string& target_crs) {
  const auto coordinates = shared_block_coordinates(lattice, target_crs);
  const std::int64_t left = floor_div(window.col, kBlock),
                     right = ceil_div(window.right(), kBlock) - 1;
  const std::int64_t top = floor_div(window.row, kBlock),
                     bottom = ceil_div(window.bottom(), kBlock) - 1;
  CrsBox box{1e300, 1e300, -1e300, -1e300};
  const double near_x = coordinates->corners(left, top).x[0];
  for (std::int64_t row = top; row <= bottom; ++row) {
    const bool whole_row = row == top || row == bottom;
    for (std::int64_t col = left; col <= right;
         col += whole_row || right == left ? 1 : right - left)
      if (!add_block(coordinates->corners(col, row), near_x, coordinates->period(), box))
        return std::nullopt;
  }
  return box;
}

}  // namespace

std::optional<CrsBox> image_box(const Lattice& lattice, const LatticeWindow& window,
                                const std::string& target_crs) {
  if (std::max(window.width, window.height) < kManyBlocks * kBlock)
    if (const auto box = box_of_blocks(lattice, window, target_crs)) return box;
  return Transformer(lattice.crs(), target_crs)
      .transform_box({lattice.x(window.col), lattice.y(window.bottom()), lattice.x(window.right()),
                      lattice.y(window.row)});
}

}  // namespace topobathy
