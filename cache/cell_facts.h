#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace topobathy {

/// What a stored cell says of itself, without its pixels.
struct CellFacts {
  std::string policy_hash;
  std::string provider;  ///< "" = a fused cell
  std::string crs;
  double pixel_size = 0.0;  ///< CRS units, at its level
  std::int64_t cell_size = 0;
  int level = 0;
  std::int64_t col = 0;  ///< of cells, counted from the CRS origin
  std::int64_t row = 0;  ///< southward

  double left() const noexcept { return static_cast<double>(col) * edge(); }
  double right() const noexcept { return static_cast<double>(col + 1) * edge(); }
  double top() const noexcept { return -static_cast<double>(row) * edge(); }
  double bottom() const noexcept { return -static_cast<double>(row + 1) * edge(); }
  double edge() const noexcept { return static_cast<double>(cell_size) * pixel_size; }
};

/// Reads the attributes alone, some kilobytes of a file of megabytes, and leaves the time of its
/// last use as it is. Nothing for what is no cell or cannot be read; whether it is sound is another
/// question.
std::optional<CellFacts> read_cell_facts(const std::string& path);

}  // namespace topobathy
