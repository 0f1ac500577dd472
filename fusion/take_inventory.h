#pragma once

#include <vector>

#include "fusion/fuse.h"
#include "fusion/inventory.h"

namespace topobathy {

/// The cells that a window touches, row by row.
std::vector<CellIndex> cells_of(const Lattice& lattice, const LatticeWindow& window);

/// Asks every step what it would read for these cells, in the worst case: nothing hidden by what
/// lies above, nothing stored. What a step cannot tell stands in its inventory; the others are
/// asked all the same. Fused cells are left to the caller. \pre some cell
Inventory take_inventory(const FusePlan& plan, const Lattice& lattice,
                         const std::vector<CellIndex>& cells);

}  // namespace topobathy
