#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cache/cell_key.h"
#include "fusion/fused_cell.h"

namespace topobathy {

enum class CacheMode { kReadWrite, kReadOnly, kOff };

/// Tier 2 on disk: one Zarr v2 group in a ZipStore a cell, below `<root>/fused_zarr/<policy8>/<hash>.zarr.zip` (layout: docs/cell-format.md).
/// Any number of threads and processes may use one root at once. A cell is written to a temporary name, synced and renamed: a reader sees
/// the old file, the new file or none. Everything read is checked (checksums, key, schema, revisions); whatever does not fit is a miss.
class CellStore {
 public:
  explicit CellStore(std::string root);

  const std::string& root() const noexcept { return root_; }
  std::string path_of(const CellKey& key) const;

  /// The stored cell, or nothing: absent, of other revisions, or damaged.
  std::optional<FusedCell> read(const CellKey& key) const;
  /// Stores a complete cell. \pre cell.complete()  \throws Error(kCache) when it cannot be written; nothing is left behind.
  void write(const CellKey& key, const FusedCell& cell) const;

 private:
  std::string root_;
};

/// TOPOBATHY_CACHE_DIR, else $XDG_CACHE_HOME/topobathy, else ~/.cache/topobathy.
std::string default_cache_root();

}  // namespace topobathy
