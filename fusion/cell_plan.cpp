#include "fusion/cell_plan.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace topobathy {
namespace {

/// Cells in a row that one shard takes: enough that neighbours, which share source tiles, mostly
/// stay together, and few enough that shards are of one size.
constexpr std::int64_t kDealt = 16;

/// Whether a pixel of the cell has its centre in the mask.
bool touches(const ZoneMask& mask, const Lattice& lattice, const LatticeWindow& window) {
  switch (mask.classify(lattice, window)) {
    case ZoneMask::Cover::kInside:
      return true;
    case ZoneMask::Cover::kOutside:
      return false;
    case ZoneMask::Cover::kCrossing:
      break;
  }
  Plane<float> pixels(window.width, window.height, 0.0F);
  mask.apply(lattice, window, pixels);
  for (std::size_t p = 0; p < pixels.size(); ++p)
    if (pixels.data()[p] == 0.0F) return true;
  return false;
}

}  // namespace

CellPlan::CellPlan(std::vector<PlannedArea> areas, CellOrder order, Shard shard)
    : areas_(std::move(areas)), order_(order), shard_(shard) {
  assert(shard.number >= 1 && shard.number <= shard.count);
}

bool CellPlan::begin_area() {
  const PlannedArea& area = areas_[area_];
  if (area.window.empty()) return false;
  first_ = area.lattice.cell_of(area.window.col, area.window.row);
  last_ = area.lattice.cell_of(area.window.right() - 1, area.window.bottom() - 1);
  left_ = (last_.col - first_.col + 1) * (last_.row - first_.row + 1);
  ordinal_ = -1;
  ring_ = -1;
  side_number_ = 3;
  side_ = {};
  begun_ = true;
  return true;
}

CellIndex CellPlan::at_row_order() const {
  const std::int64_t columns = last_.col - first_.col + 1;
  const std::int64_t row = first_.row + ordinal_ / columns;
  const std::int64_t along = ordinal_ % columns;
  return {(row & 1) == 0 ? first_.col + along : last_.col - along, row};
}

/// Clockwise: top, right, bottom, left; each without its last corner.
CellPlan::Side CellPlan::side_of_ring() const {
  const CellIndex middle{floor_div(first_.col + last_.col, 2),
                         floor_div(first_.row + last_.row, 2)};
  const std::int64_t left = middle.col - ring_, right = middle.col + ring_;
  const std::int64_t top = middle.row - ring_, bottom = middle.row + ring_;
  if (ring_ == 0) return {middle, 1, 0, side_number_ == 0 ? 1 : 0};
  const bool level = side_number_ % 2 == 0, back = side_number_ >= 2;
  const std::int64_t line = level ? (back ? bottom : top) : (back ? left : right);
  const std::int64_t low = level ? first_.col : first_.row, high = level ? last_.col : last_.row;
  const bool outside =
      level ? line < first_.row || line > last_.row : line < first_.col || line > last_.col;
  // Along the side, in its direction: one corner is the next side's.
  const std::int64_t begin = std::max(low, (level ? left : top) + (back ? 1 : 0));
  const std::int64_t end = std::min(high, (level ? right : bottom) - (back ? 0 : 1));
  Side side;
  side.left = outside ? 0 : std::max<std::int64_t>(0, end - begin + 1);
  const std::int64_t start = back ? end : begin;
  side.from = level ? CellIndex{start, line} : CellIndex{line, start};
  (level ? side.columns : side.rows) = back ? -1 : 1;
  return side;
}

/// Moves on to the next cell of the rings that lies in the area. \pre there is one
void CellPlan::step_on_spiral() {
  if (side_.left > 0) {
    here_ = {here_.col + side_.columns, here_.row + side_.rows};
    --side_.left;
    return;
  }
  do {
    if (++side_number_ == 4) {
      side_number_ = 0;
      ++ring_;
    }
    side_ = side_of_ring();
  } while (side_.left == 0);
  here_ = side_.from;
  --side_.left;
}

/// Moves on to the next cell of an area's window; false at the end of all.
bool CellPlan::step() {
  while (area_ < areas_.size()) {
    if ((begun_ || begin_area()) && left_ > 0) {
      --left_;
      ++ordinal_;
      if (order_ == CellOrder::kCentre)
        step_on_spiral();
      else
        here_ = at_row_order();
      return true;
    }
    ++area_;
    begun_ = false;
  }
  return false;
}

std::optional<PlannedCell> CellPlan::next() {
  while (step()) {
    const PlannedArea& area = areas_[area_];
    if (area.mask && !touches(*area.mask, area.lattice, area.lattice.cell_window(here_))) continue;
    const bool ours = (taken_++ / kDealt) % shard_.count == shard_.number - 1;
    if (ours) return PlannedCell{area.lattice.level(), here_};
  }
  return std::nullopt;
}

std::int64_t CellPlan::count() const {
  CellPlan copy = *this;
  std::int64_t count = 0;
  while (copy.next())
    ++count;
  return count;
}

}  // namespace topobathy
