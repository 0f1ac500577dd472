#pragma once

#include <optional>
#include <string>

#include "fusion/cell_plan.h"
#include "utils/hydrate/tile_plan.h"

namespace topobathy {

/// What came of a unit of hydration (a cell, a tile).
struct UnitResult {
  enum class Outcome { kCached, kMade, kEmpty, kFailed };
  Outcome outcome = Outcome::kCached;
  std::string step;    ///< of kFailed: the step to blame, "" where it is none
  std::string reason;  ///< of kFailed
};

/// The lines that a hydration and its workers exchange: JSON, one object a line, units in one order
/// both ways.
std::string unit_line(const PlannedCell& cell);
/// Nothing where the line is no cell.
std::optional<PlannedCell> cell_of_line(const std::string& line);
std::string unit_line(const PlannedTile& tile);
/// Nothing where the line is no tile.
std::optional<PlannedTile> tile_of_line(const std::string& line);
std::string result_line(const UnitResult& result);
/// \throws Error(kInternal) where the line is no result
UnitResult result_of_line(const std::string& line);

const char* to_text(UnitResult::Outcome outcome) noexcept;

}  // namespace topobathy
