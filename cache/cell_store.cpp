#include "cache/cell_store.h"

#include <utility>

#include "cache/atomic_file.h"
#include "cache/cell_codec.h"
#include "cache/read_file.h"

namespace topobathy {

CellStore::CellStore(std::string root, FileSystem& files, bool mark_use)
    : root_(std::move(root)), files_(&files), mark_use_(mark_use) {}

std::string CellStore::path_of(const CellKey& key) const {
  if (!key.provider.empty())
    return root_ + "/" + key.provider + "/zarr/" + key.path_hash() + ".zarr.zip";
  return root_ + "/fused_zarr/" + key.policy_hash.substr(0, 8) + "/" + key.path_hash() +
         ".zarr.zip";
}

std::optional<FusedCell> CellStore::read(const CellKey& key, const BandSelection& bands,
                                         const LatticeWindow& part) const {
  const bool use = mark_use_ && (bands.elevation || bands.uncertainty || bands.source);
  const auto file =
      read_file(path_of(key), largest_cell_file(key.lattice), use ? Reading::kUse : Reading::kLook);
  if (!file) return std::nullopt;
  return decode_cell(*file, key, bands, part);
}

void CellStore::write(const CellKey& key, const FusedCell& cell, const std::string& crs_wkt) const {
  write_file_atomically(*files_, path_of(key), encode_cell(key, cell, crs_wkt, utc_now()));
}

}  // namespace topobathy
