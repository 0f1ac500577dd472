#include "fusion/operators/feather.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "fusion/operators/row_distance.h"

namespace topobathy {
namespace {

using Rows = std::uint16_t;  // counts up to kMaxReachPixels + 1

std::int64_t reach_pixels(double reach, double pixel) noexcept {
  const double pixels = std::ceil(reach / pixel);
  return pixels < static_cast<double>(kMaxReachPixels) ? static_cast<std::int64_t>(pixels)
                                                       : kMaxReachPixels;
}

/// rows[r][c] = rows from pixel (c, r) to the nearest invalid pixel of its column, at most `cap`.
Plane<Rows> column_distance(const Plane<float>& elevation, Rows cap) {
  const std::int64_t width = elevation.width();
  Plane<Rows> rows(width, elevation.height());
  std::vector<Rows> run(static_cast<std::size_t>(width), cap);
  const auto sweep = [&](std::int64_t r, bool combine) {
    const float* values = elevation.row(r);
    Rows* out = rows.row(r);
    for (std::int64_t c = 0; c < width; ++c) {
      const auto next = static_cast<Rows>(std::min<int>(run[c] + 1, cap));
      const Rows here = values[c] == values[c] ? next : Rows{0};
      run[c] = here;
      out[c] = combine ? std::min(out[c], here) : here;
    }
  };
  for (std::int64_t r = 0; r < elevation.height(); ++r)
    sweep(r, false);
  std::fill(run.begin(), run.end(), cap);
  for (std::int64_t r = elevation.height(); r-- > 0;)
    sweep(r, true);
  return rows;
}

}  // namespace

Halo feather_halo(const Lattice& lattice, const LatticeWindow& window, double reach) {
  if (!(reach > 0) || window.empty()) return {};
  const GroundPixel smallest = lattice.smallest_ground_pixel(window.row, window.bottom());
  return {reach_pixels(reach, smallest.width), reach_pixels(reach, smallest.height)};
}

void feather_distance(const Lattice& lattice, const LatticeWindow& window,
                      const Plane<float>& elevation, const LatticeWindow& core,
                      const BlockMask& wanted, double reach, Plane<float>& distance) {
  distance.reshape(core.width, core.height);
  const Halo halo = feather_halo(lattice, core, reach);
  const Rows cap = static_cast<Rows>(halo.rows + 1);
  const Plane<Rows> rows = column_distance(elevation, cap);
  RowDistance row_distance;
  for (std::int64_t r = 0; r < core.height; ++r) {
    const std::int64_t row = core.row + r;
    const GroundPixel ground = lattice.ground_pixel(row);
    row_distance.begin(rows.row(row - window.row), window.width, cap, ground, reach,
                       reach_pixels(reach, ground.width));
    const std::int64_t block_row = floor_div(row, kBlock);
    for (std::int64_t b = floor_div(core.col, kBlock); b * kBlock < core.right(); ++b) {
      if (!wanted.wanted(b, block_row)) continue;
      const std::int64_t from = std::max(core.col, b * kBlock);
      const std::int64_t to = std::min(core.right(), (b + 1) * kBlock);
      row_distance.fill(from - window.col, to - window.col, distance.row(r) + (from - core.col));
    }
  }
}

}  // namespace topobathy
