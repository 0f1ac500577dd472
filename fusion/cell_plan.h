#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "fusion/lattice.h"
#include "fusion/operators/zone_mask.h"

namespace topobathy {

struct PlannedCell {
  int level = 0;
  CellIndex cell;
  friend bool operator==(const PlannedCell& a, const PlannedCell& b) noexcept {
    return a.level == b.level && a.cell == b.cell;
  }
};

enum class CellOrder {
  kRows,   ///< row by row, every other one backwards: neighbours share source tiles
  kCentre  ///< ring by ring around the middle of a window
};

/// One of `count` equal shares of a plan. Shares of one plan are disjoint, and together they are
/// all of it.
struct Shard {
  std::int64_t number = 1;  ///< 1..count
  std::int64_t count = 1;
};

/// The cells of one level that are wanted: those that hold pixels of a window and, where there is a
/// mask, a pixel whose centre lies inside it.
struct PlannedArea {
  Lattice lattice;  ///< of the level
  LatticeWindow window;
  std::shared_ptr<const ZoneMask> mask = nullptr;
};

/// Goes through the cells of some areas, one after the other, without ever holding them all: memory
/// does not grow with their number. Areas that share a cell give it twice. A copy starts where the
/// original stands.
class CellPlan {
 public:
  CellPlan(std::vector<PlannedArea> areas, CellOrder order, Shard shard = {});

  /// The next cell, nothing at the end.
  std::optional<PlannedCell> next();
  /// How many next() will give. Goes through them.
  std::int64_t count() const;

 private:
  bool step();
  bool begin_area();
  CellIndex at_row_order() const;
  void step_on_spiral();

  /// A side of a square ring around the middle, as far as it lies in the area.
  struct Side {
    CellIndex from;
    std::int64_t columns = 0, rows = 0;  ///< from one cell to the next
    std::int64_t left = 0;
  };
  Side side_of_ring() const;

  std::vector<PlannedArea> areas_;
  CellOrder order_;
  Shard shard_;
  std::size_t area_ = 0;
  bool begun_ = false;        ///< the area has a cell at hand
  CellIndex first_, last_;    ///< corners of the area's cells
  std::int64_t ordinal_ = 0;  ///< of the cell at hand in row order
  CellIndex here_;            ///< the cell at hand
  std::int64_t ring_ = 0;     ///< of the spiral: distance from the middle, cells
  int side_number_ = 0;       ///< the side of the ring that comes next
  Side side_;
  std::int64_t left_ = 0;   ///< cells of the area not reached yet
  std::int64_t taken_ = 0;  ///< cells given or left to other shards
};

}  // namespace topobathy
