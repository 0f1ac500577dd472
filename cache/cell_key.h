#pragma once

#include <string>

#include "fusion/lattice.h"

namespace topobathy {

/// Bumped whenever the same policy, lattice and sources would fuse to other bytes: the schema of
/// docs/output-contract.md.
constexpr int kEngineSchema = 1;
/// Bumped whenever the file of a cell changes, its attributes included (docs/cell-format.md). Cells
/// of another layout are misses.
constexpr int kCellLayout = 3;

/// Everything that names a stored cell. What its sources were stands in the cell and is compared on
/// reading: a changed source is a miss, and the new cell takes the old one's place.
struct CellKey {
  std::string policy_hash;  ///< SHA-256 of the canonical policy
  std::string scope;        ///< what else changes the pixels: the policy's directory, options that
                            ///< override the policy
  Lattice lattice;          ///< of the level
  CellIndex cell;

  /// SHA-256 over policy_hash, scope, CRS, pixel size (exact), cell size, level, cell,
  /// kEngineSchema and kCellLayout.
  std::string path_hash() const;
};

}  // namespace topobathy
