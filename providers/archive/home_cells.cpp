#include "providers/archive/home_cells.h"

#include <utility>

#include "fusion/block_mask.h"

namespace topobathy {
namespace {

/// The first and the last of the home cells.
std::pair<CellIndex, CellIndex> home_corners(const Lattice& lattice, const LatticeWindow& window) {
  const auto block_start = [](std::int64_t pixel) { return floor_div(pixel, kBlock) * kBlock; };
  return {lattice.cell_of(block_start(window.col), block_start(window.row)),
          lattice.cell_of(block_start(window.right() - 1), block_start(window.bottom() - 1))};
}

}  // namespace

std::vector<CellIndex> home_cells(const Lattice& lattice, const LatticeWindow& window) {
  const auto [first, last] = home_corners(lattice, window);
  std::vector<CellIndex> cells;
  for (std::int64_t row = first.row; row <= last.row; ++row)
    for (std::int64_t col = first.col; col <= last.col; ++col)
      cells.push_back({col, row});
  return cells;
}

LatticeWindow home_window(const Lattice& lattice, const LatticeWindow& window) {
  const auto [first, last] = home_corners(lattice, window);
  const LatticeWindow begin = lattice.cell_window(first), end = lattice.cell_window(last);
  return LatticeWindow::from_edges(begin.col, begin.row, end.right(), end.bottom());
}

}  // namespace topobathy
