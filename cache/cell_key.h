#pragma once

#include <string>
#include <vector>

#include "fusion/lattice.h"
#include "fusion/layer_source.h"

namespace topobathy {

/// Bumped whenever the same policy, lattice and sources would fuse to other bytes: the schema of
/// docs/output-contract.md.
constexpr int kEngineSchema = 1;
/// Bumped whenever the file of a cell changes, its attributes included (docs/cell-format.md). Cells
/// of another layout are misses.
constexpr int kCellLayout = 2;

/// Everything a stored cell is valid for. `path_hash` names the file; `revisions` is compared on
/// reading (a changed source is a miss and the new cell takes the old one's place).
struct CellKey {
  std::string policy_hash;  ///< SHA-256 of the canonical policy
  std::string scope;        ///< what else changes the pixels: the policy's directory, options that
                            ///< override the policy
  Lattice lattice;          ///< of the level
  CellIndex cell;
  std::vector<SourceRevision> revisions;

  /// SHA-256 over policy_hash, scope, CRS, pixel size (exact), cell size, level, cell,
  /// kEngineSchema and kCellLayout.
  std::string path_hash() const;
  /// SHA-256 over the revisions, in order.
  std::string revision_hash() const;
};

}  // namespace topobathy
