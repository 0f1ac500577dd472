#pragma once

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "fusion/lattice.h"
#include "providers/align/transformer.h"
#include "utils/hydrate/unit_result.h"

namespace topobathy {

/// What came of the cells of a job, in the order in which they were done: a file that grows by a
/// line a cell, `{"level", "bbox": [west, south, east, north], "outcome"}`, with `step` and `error`
/// of one that failed. It says no more after 200,000 cells, nor where the disk is full. For one
/// thread.
class CellRecord {
 public:
  /// \throws Error: cells of this lattice have no place in degrees
  CellRecord(const std::string& path, const Lattice& lattice);
  void add(const std::string& unit, const UnitResult& result);

 private:
  std::ofstream file_;
  const Lattice lattice_;
  const Transformer to_degrees_;
  std::int64_t lines_ = 0;
};

/// Lines of a record from a place in it.
struct RecordedCells {
  nlohmann::json cells = nlohmann::json::array();
  std::uint64_t next = 0;  ///< where to go on
  bool more = false;       ///< there are more lines by now
};
/// At most 256 KiB of a record; nothing where there is none yet. \throws Error(kUsage): no line
/// begins there
RecordedCells recorded_cells(const std::string& path, std::uint64_t from);

}  // namespace topobathy
