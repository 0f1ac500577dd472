#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "cache/cell_key.h"
#include "cache/file_system.h"
#include "cache/object_store.h"
#include "fusion/fused_cell.h"
#include "fusion/fused_raster.h"

namespace topobathy {

enum class CacheMode { kReadWrite, kReadOnly, kOff };

/// Tiers 2 and 3: one Zarr v2 group in a ZipStore a cell, fused cells as
/// `<root>/fused_zarr/<policy8>/<hash>.zarr.zip`, provider cells as
/// `<root>/<provider>/zarr/<hash>.zarr.zip` (layout: docs/cell-format.md). Any number of threads,
/// processes and machines may use one root at once: a cell is one object, which comes and goes as a
/// whole. Everything read is checked (checksums, key, schema); whatever does not fit is a miss.
/// Whether the cell's sources are still what they were is for the caller to ask.
class CellStore {
 public:
  /// In a folder. `files` does the writing and must outlive the store. Not `mark_use`: reading
  /// leaves no trace, for a cache that is only read.
  explicit CellStore(std::string root, FileSystem& files = posix_file_system(),
                     bool mark_use = true);
  /// In `objects`; null: in the folder `root`.
  CellStore(std::shared_ptr<ObjectStore> objects, const std::string& root, bool mark_use);

  std::string path_of(const CellKey& key) const;

  /// The stored cell, or the part of it (see readable_part), or nothing: absent, or damaged. Planes
  /// not in `bands` are empty (and were not checked). Marks a file as used now (its time of access,
  /// to the hour), so that limits of the cache spare it. 	hrows Error(kCache) when an object
  /// store cannot say whether it has the cell
  std::optional<FusedCell> read(const CellKey& key, const BandSelection& bands,
                                const LatticeWindow& part) const;
  std::optional<FusedCell> read(const CellKey& key, const BandSelection& bands = {}) const {
    return read(key, bands, key.lattice.cell_window(key.cell));
  }
  /// The same without any plane: what a stored cell was made from, and its size in the store. Its
  /// pixels are not looked at, and that is no use of it.
  struct Described {
    FusedCell cell;
    std::size_t bytes;
  };
  std::optional<Described> describe(const CellKey& key) const;
  /// Stores a complete cell of all three planes. `crs_wkt` (FusedRaster::crs_wkt) is for other
  /// readers of the file: GDAL, xarray. \pre cell.complete()  \throws Error(kCache) when it cannot
  /// be written; nothing is left behind.
  void write(const CellKey& key, const FusedCell& cell, const std::string& crs_wkt = {}) const;
  /// True once a store: see ObjectStore.
  bool is_first_trouble() const noexcept { return objects_->is_first_trouble(); }

 private:
  std::shared_ptr<ObjectStore> objects_;
};

/// TOPOBATHY_CACHE_DIR, else $XDG_CACHE_HOME/topobathy, else ~/.cache/topobathy.
std::string default_cache_root();

}  // namespace topobathy
