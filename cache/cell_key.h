#pragma once

#include <string>

#include "fusion/lattice.h"

namespace topobathy {

/// Bumped whenever the same policy, lattice and sources would fuse to other bytes: the schema of
/// docs/output-contract.md.
constexpr int kEngineSchema = 1;
/// Bumped whenever the file of a cell changes, its attributes included (docs/cell-format.md). Cells
/// of another layout are misses.
constexpr int kCellLayout = 4;

/// Everything that names a stored cell. What its sources were stands in the cell and is compared on
/// reading: a changed source is a miss, and the new cell takes the old one's place.
struct CellKey {
  std::string policy_hash;  ///< SHA-256 of the canonical policy
  std::string scope;        ///< what else changes the pixels: the policy's directory, options that
                            ///< override the policy
  Lattice lattice;          ///< of the level
  CellIndex cell;
  /// Of a provider cell (tier 3): whose layer it holds; policy_hash is then that of what the layer
  /// depends on. "" = a fused cell (tier 2).
  std::string provider = {};

  /// SHA-256 over policy_hash, scope, provider, CRS, pixel size (exact), cell size, level, cell,
  /// kEngineSchema and kCellLayout.
  std::string path_hash() const;
};

}  // namespace topobathy
