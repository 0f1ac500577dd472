#include "fusion/take_inventory.h"

#include <algorithm>

#include "fusion/error.h"

namespace topobathy {
namespace {

LatticeWindow around(const LatticeWindow& a, const LatticeWindow& b) {
  if (a.empty()) return b;
  return LatticeWindow::from_edges(std::min(a.col, b.col), std::min(a.row, b.row),
                                   std::max(a.right(), b.right()),
                                   std::max(a.bottom(), b.bottom()));
}

bool is_outside(const PlannedStep& step, const Lattice& lattice, const LatticeWindow& window) {
  return step.zone && step.zone->classify(lattice, window) == ZoneMask::Cover::kOutside;
}

/// A cell beside the step's zone shows nothing of it, and yet it is looked at where a blend
/// reaches across the zone's edge.
InventoryRequest request_of(const PlannedStep& step, const Lattice& lattice,
                            const std::vector<CellIndex>& cells) {
  InventoryRequest request;
  request.lattice = &lattice;
  for (const CellIndex cell : cells) {
    const LatticeWindow window = lattice.cell_window(cell);
    const Halo halo = step_halo(step, lattice, window);
    const LatticeWindow read = window.grow(halo.columns, halo.rows);
    if (is_outside(step, lattice, read)) continue;
    request.reach = around(request.reach, read);
    if (!is_outside(step, lattice, window)) request.cells.push_back(cell);
  }
  return request;
}

LayerInventory inventory_of(const PlannedStep& step, const Lattice& lattice,
                            const std::vector<CellIndex>& cells) {
  LayerInventory inventory;
  try {
    const InventoryRequest request = request_of(step, lattice, cells);
    if (!request.reach.empty()) return step.source->inventory(request);
    inventory.state = LayerInventory::State::kElsewhere;
  } catch (const Error& error) {
    inventory.state = LayerInventory::State::kFailed;
    inventory.listed = false;
    inventory.messages.push_back(error.message());
  }
  return inventory;
}

}  // namespace

std::vector<CellIndex> cells_of(const Lattice& lattice, const LatticeWindow& window) {
  std::vector<CellIndex> cells;
  if (window.empty()) return cells;
  const CellIndex first = lattice.cell_of(window.col, window.row);
  const CellIndex last = lattice.cell_of(window.right() - 1, window.bottom() - 1);
  for (std::int64_t row = first.row; row <= last.row; ++row)
    for (std::int64_t col = first.col; col <= last.col; ++col)
      cells.push_back({col, row});
  return cells;
}

Inventory take_inventory(const FusePlan& plan, const Lattice& lattice,
                         const std::vector<CellIndex>& cells) {
  Inventory inventory;
  for (const PlannedStep& step : plan.steps)
    inventory.steps.push_back(inventory_of(step, lattice, cells));
  return inventory;
}

}  // namespace topobathy
