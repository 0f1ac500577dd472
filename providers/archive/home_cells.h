#pragma once

#include <vector>

#include "fusion/lattice.h"

namespace topobathy {

/// The cells that the blocks of a window begin in, row by row: whose files they are sampled from.
std::vector<CellIndex> home_cells(const Lattice& lattice, const LatticeWindow& window);

/// The window of all these cells.
LatticeWindow home_window(const Lattice& lattice, const LatticeWindow& window);

}  // namespace topobathy
