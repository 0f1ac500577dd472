#include "cache/cell_store.h"

#include <utility>

#include "cache/cell_codec.h"
#include "cache/folder_store.h"

namespace topobathy {
namespace {

/// Below the root.
std::string name_of(const CellKey& key) {
  const std::string folder =
      key.provider.empty() ? "fused_zarr/" + key.policy_hash.substr(0, 8) : key.provider + "/zarr";
  return folder + "/" + key.path_hash() + ".zarr.zip";
}

}  // namespace

CellStore::CellStore(std::string root, FileSystem& files, bool mark_use)
    : objects_(std::make_shared<FolderStore>(std::move(root), files, mark_use)) {}

CellStore::CellStore(std::shared_ptr<ObjectStore> objects, const std::string& root, bool mark_use)
    : objects_(std::move(objects)) {
  if (!objects_) objects_ = std::make_shared<FolderStore>(root, posix_file_system(), mark_use);
}

std::string CellStore::path_of(const CellKey& key) const {
  return objects_->path_of(name_of(key));
}

std::optional<FusedCell> CellStore::read(const CellKey& key, const BandSelection& bands,
                                         const LatticeWindow& part) const {
  const bool use = bands.elevation || bands.uncertainty || bands.source;
  const auto file = objects_->get(name_of(key), largest_cell_file(key.lattice),
                                  use ? Reading::kUse : Reading::kLook);
  if (!file) return std::nullopt;
  return decode_cell(*file, key, bands, part);
}

std::optional<CellStore::Described> CellStore::describe(const CellKey& key) const {
  const auto file = objects_->get(name_of(key), largest_cell_file(key.lattice), Reading::kLook);
  if (!file) return std::nullopt;
  auto cell = decode_cell(*file, key, {false, false, false}, key.lattice.cell_window(key.cell));
  if (!cell) return std::nullopt;
  return Described{*std::move(cell), file->size()};
}

void CellStore::write(const CellKey& key, const FusedCell& cell, const std::string& crs_wkt) const {
  objects_->put(name_of(key), encode_cell(key, cell, crs_wkt, utc_now()));
}

}  // namespace topobathy
