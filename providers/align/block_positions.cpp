#include "providers/align/block_positions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "fusion/target_clones.h"

namespace topobathy {
namespace {

constexpr std::int64_t kFinePitch =
    8;  // bends shrink with the square of the pitch: 16 times less than over 32

/// Positions of nodes at every `pitch` pixels of the block, in source pixels.
struct Nodes {
  std::int64_t pitch;
  std::int64_t edge;  ///< nodes along one side
  std::vector<double> col;
  std::vector<double> row;
};

Nodes corner_nodes(const BlockCorners& corners, const InverseTransform& to_source, double shift_x) {
  Nodes nodes{kBlock, 2, {}, {}};
  for (std::size_t k = 0; k < 4; ++k) {
    nodes.col.push_back(to_source.col(corners.x[k] + shift_x, corners.y[k]));
    nodes.row.push_back(to_source.row(corners.x[k] + shift_x, corners.y[k]));
  }
  return nodes;
}

/// PROJ's own answer at the points i * pitch + offset of the block.
Nodes exact_nodes(const BlockCoordinates& coordinates, const BlockCorners& corners,
                  const InverseTransform& to_source, double shift_x, std::int64_t pitch,
                  std::int64_t edge, double offset) {
  std::vector<double> x, y;
  for (std::int64_t j = 0; j < edge; ++j) {
    for (std::int64_t i = 0; i < edge; ++i) {
      x.push_back(static_cast<double>(corners.block.col + i * pitch) + offset);
      y.push_back(static_cast<double>(corners.block.row + j * pitch) + offset);
    }
  }
  coordinates.exact(x, y, corners.x[0]);
  Nodes nodes{pitch, edge, std::move(x), std::move(y)};
  for (std::size_t k = 0; k < nodes.col.size(); ++k) {
    const double at_x = nodes.col[k] + shift_x, at_y = nodes.row[k];
    nodes.col[k] = to_source.col(at_x, at_y);
    nodes.row[k] = to_source.row(at_x, at_y);
  }
  return nodes;
}

bool all_finite(const Nodes& nodes) {
  for (std::size_t k = 0; k < nodes.col.size(); ++k)
    if (!std::isfinite(nodes.col[k]) || !std::isfinite(nodes.row[k])) return false;
  return true;
}

/// Sets the bounds and the base below every finite node, so that relative positions are at least 1.
bool set_base(const Nodes& nodes, BlockPositions& p) {
  double low_c = std::numeric_limits<double>::infinity(), low_r = low_c;
  double high_c = -low_c, high_r = -low_c;
  for (std::size_t k = 0; k < nodes.col.size(); ++k) {
    if (!std::isfinite(nodes.col[k]) || !std::isfinite(nodes.row[k])) continue;
    low_c = std::min(low_c, nodes.col[k]);
    high_c = std::max(high_c, nodes.col[k]);
    low_r = std::min(low_r, nodes.row[k]);
    high_r = std::max(high_r, nodes.row[k]);
  }
  constexpr double kLargest = 1e9;  // beyond any raster: such a block is nowhere near the source
  if (!(low_c <= high_c) || std::max({-low_c, high_c, -low_r, high_r}) > kLargest) return false;
  p.base_col = static_cast<std::int64_t>(std::floor(low_c)) - 1;
  p.base_row = static_cast<std::int64_t>(std::floor(low_r)) - 1;
  p.min_col = static_cast<float>(low_c - static_cast<double>(p.base_col));
  p.max_col = static_cast<float>(high_c - static_cast<double>(p.base_col));
  p.min_row = static_cast<float>(low_r - static_cast<double>(p.base_row));
  p.max_row = static_cast<float>(high_r - static_cast<double>(p.base_row));
  return true;
}

/// Centres of the pixels after a node.
constexpr auto kAlong = [] {
  std::array<float, kBlock> along{};
  for (std::size_t m = 0; m < along.size(); ++m)
    along[m] = static_cast<float>(m) + 0.5F;
  return along;
}();

TOPOBATHY_TARGET_CLONES
void interpolate(const Nodes& nodes, BlockPositions& p) {
  const auto pitch = static_cast<double>(nodes.pitch);
  const auto base_c = static_cast<double>(p.base_col), base_r = static_cast<double>(p.base_row);
  for (std::int64_t l = 0; l < kBlock; ++l) {
    const std::int64_t j = l / nodes.pitch;
    const double t = (static_cast<double>(l - j * nodes.pitch) + 0.5) / pitch;
    for (std::int64_t i = 0; i + 1 < nodes.edge; ++i) {
      const std::int64_t k = j * nodes.edge + i, below = k + nodes.edge;
      const double c0 = nodes.col[k] + t * (nodes.col[below] - nodes.col[k]) - base_c;
      const double c1 = nodes.col[k + 1] + t * (nodes.col[below + 1] - nodes.col[k + 1]) - base_c;
      const double r0 = nodes.row[k] + t * (nodes.row[below] - nodes.row[k]) - base_r;
      const double r1 = nodes.row[k + 1] + t * (nodes.row[below + 1] - nodes.row[k + 1]) - base_r;
      // Relative positions are small: floats place them to a hundred-thousandth of a pixel.
      const auto start_c = static_cast<float>(c0), start_r = static_cast<float>(r0);
      const auto step_c = static_cast<float>((c1 - c0) / pitch);
      const auto step_r = static_cast<float>((r1 - r0) / pitch);
      float* col = p.col.data() + l * kBlock + i * nodes.pitch;
      float* row = p.row.data() + l * kBlock + i * nodes.pitch;
      for (std::int64_t m = 0; m < nodes.pitch; ++m) {
        const float along = kAlong[static_cast<std::size_t>(m)];
        col[m] = start_c + along * step_c;
        row[m] = start_r + along * step_r;
      }
    }
  }
}

void take_every_pixel(const Nodes& nodes, BlockPositions& p) {
  for (std::size_t k = 0; k < nodes.col.size(); ++k) {
    const bool known = std::isfinite(nodes.col[k]) && std::isfinite(nodes.row[k]);
    p.known[k] = known;
    p.has_gaps |= !known;
    // An unknown pixel points somewhere harmless; its value is thrown away.
    p.col[k] =
        known ? static_cast<float>(nodes.col[k] - static_cast<double>(p.base_col)) : p.min_col;
    p.row[k] =
        known ? static_cast<float>(nodes.row[k] - static_cast<double>(p.base_row)) : p.min_row;
  }
}

}  // namespace

InverseTransform::InverseTransform(const GeoTransform& g) noexcept : x0_(g[0]), y0_(g[3]) {
  const double determinant = g[1] * g[5] - g[2] * g[4];
  a_ = g[5] / determinant;
  b_ = -g[2] / determinant;
  c_ = -g[4] / determinant;
  d_ = g[1] / determinant;
}

double InverseTransform::pixels(double dx, double dy) const noexcept {
  return std::max(std::fabs(a_) * dx + std::fabs(b_) * dy, std::fabs(c_) * dx + std::fabs(d_) * dy);
}

double PixelRatio::governing() const noexcept {
  constexpr double kMostStretched = 4.0;
  return std::max(std::min(across, down), std::max(across, down) / kMostStretched);
}

PixelRatio pixel_ratio(const BlockCorners& corners, const InverseTransform& to_source) noexcept {
  const auto along = [&](std::size_t from, std::size_t to, double& d_col, double& d_row) {
    d_col = (to_source.col(corners.x[to], corners.y[to]) -
             to_source.col(corners.x[from], corners.y[from])) /
            kBlock;
    d_row = (to_source.row(corners.x[to], corners.y[to]) -
             to_source.row(corners.x[from], corners.y[from])) /
            kBlock;
  };
  double col_east, row_east, col_south, row_south;
  along(0, 1, col_east, row_east);
  along(0, 2, col_south, row_south);
  return {std::hypot(col_east, col_south), std::hypot(row_east, row_south)};
}

bool block_positions(BlockCoordinates& coordinates, const BlockCorners& corners,
                     const InverseTransform& to_source, double shift_x, BlockPositions& positions) {
  positions.has_gaps = false;
  const double error = to_source.pixels(corners.error_x, corners.error_y);
  if (error <= kPositionTolerance) {
    const Nodes nodes = corner_nodes(corners, to_source, shift_x);
    if (!set_base(nodes, positions)) return false;
    interpolate(nodes, positions);
    return true;
  }
  const double finer = static_cast<double>(kBlock * kBlock) / (kFinePitch * kFinePitch);
  if (error <= kPositionTolerance * finer) {
    const Nodes nodes = exact_nodes(coordinates, corners, to_source, shift_x, kFinePitch,
                                    kBlock / kFinePitch + 1, 0.0);
    if (all_finite(nodes)) {
      if (!set_base(nodes, positions)) return false;
      interpolate(nodes, positions);
      return true;
    }
  }
  const Nodes nodes = exact_nodes(coordinates, corners, to_source, shift_x, 1, kBlock, 0.5);
  if (!set_base(nodes, positions)) return false;
  take_every_pixel(nodes, positions);
  return true;
}

}  // namespace topobathy
