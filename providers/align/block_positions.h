#pragma once

#include <array>
#include <cstdint>

#include "providers/align/block_coordinates.h"

namespace topobathy {

/// GDAL's affine: x = g[0] + col*g[1] + row*g[2], y = g[3] + col*g[4] + row*g[5]; pixel corners.
using GeoTransform = std::array<double, 6>;

/// CRS coordinates to fractional pixels of a grid. \pre the transform is invertible
class InverseTransform {
 public:
  explicit InverseTransform(const GeoTransform& transform) noexcept;
  double col(double x, double y) const noexcept { return (x - x0_) * a_ + (y - y0_) * b_; }
  double row(double x, double y) const noexcept { return (x - x0_) * c_ + (y - y0_) * d_; }
  /// Pixels that an error of (dx, dy) CRS units can come to.
  double pixels(double dx, double dy) const noexcept;

 private:
  double x0_, y0_, a_, b_, c_, d_;
};

/// Source pixels in one lattice pixel, along either axis of the source.
struct PixelRatio {
  double across = 1.0;
  double down = 1.0;
  /// What overviews are chosen by: the finer axis, unless the other is more than four times
  /// coarser.
  double governing() const noexcept;
};
PixelRatio pixel_ratio(const BlockCorners& corners, const InverseTransform& to_source) noexcept;

/// Where the centres of a block's pixels lie on a source grid, in pixels (corner convention: the
/// centre of pixel 0 is 0.5), relative to an integer base so that floats keep their precision
/// everywhere on Earth.
struct BlockPositions {
  std::int64_t base_col = 0;
  std::int64_t base_row = 0;
  std::array<float, kBlock * kBlock> col;  ///< >= 1
  std::array<float, kBlock * kBlock> row;
  float min_col = 0, max_col = 0, min_row = 0, max_row = 0;
  bool has_gaps = false;                    ///< some pixel cannot be transformed
  std::array<bool, kBlock * kBlock> known;  ///< meaningful with has_gaps only
};

/// The largest error of a position, source pixels, before a block is cut finer.
constexpr double kPositionTolerance = 0.05;

/// \returns false when no pixel of the block can be transformed
bool block_positions(BlockCoordinates& coordinates, const BlockCorners& corners,
                     const InverseTransform& to_source, double shift_x, BlockPositions& positions);

}  // namespace topobathy
