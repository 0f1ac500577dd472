#include "providers/noaa_topobathy/project_tiles.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "fusion/error.h"
#include "providers/align/lonlat_hull.h"
#include "providers/coastal/index_files.h"
#include "providers/coastal/published_names.h"
#include "providers/coastal/unusable.h"

namespace topobathy {
namespace {

using coastal::base_name;
using coastal::extension_of;

bool is_raster(const std::string& path) {
  const std::string extension = extension_of(path);
  return extension == ".tif" || extension == ".tiff" || extension == ".img";
}

/// 0 = no index, else the better the smaller.
int index_kind(const std::string& key) {
  if (coastal::lower_case(base_name(key)).find("tileindex") == std::string::npos) return 0;
  const std::string extension = extension_of(key);
  if (extension == ".gpkg") return 1;
  if (extension == ".zip") return 2;
  return extension == ".shp" ? 3 : 0;
}

std::string remedy(const std::string& folder) {
  return "; leave the project out with filter: {exclude_patterns: [" + folder +
         "]}, or try again later";
}

/// The rasters of a folder by their path in it, and by their bare name where that is unique.
class Rasters {
 public:
  Rasters(const std::string& folder, const std::vector<S3Object>& listing) {
    for (const S3Object& object : listing) {
      if (!is_raster(object.key)) continue;
      const std::string path = object.key.substr(dem_prefix(folder).size());
      by_path_[path] = &object;
      const auto [known, fresh] = by_name_.emplace(base_name(path), path);
      if (!fresh) known->second.clear();  // one name in two sub-folders names neither
    }
  }

  std::size_t size() const noexcept { return by_path_.size(); }
  const S3Object& at(const std::string& path) const { return *by_path_.at(path); }

  /// The path of the raster that a row names; "" = none.
  std::string find(const std::string& path) const {
    if (by_path_.count(path) != 0) return path;
    const auto named = by_name_.find(base_name(path));
    return named == by_name_.end() ? "" : named->second;
  }

 private:
  std::map<std::string, const S3Object*> by_path_;
  std::map<std::string, std::string> by_name_;
};

/// The path in the folder as a row writes it; names without a raster's extension mean GeoTIFFs.
std::string written_path(const std::string& name, const std::string& folder) {
  const std::string path = coastal::path_in_folder(name, folder);
  return path.empty() || is_raster(path) ? path : path + ".tif";
}

Asset make_tile(const std::string& project, const std::string& path, const LonLatBox& box) {
  Asset tile;
  tile.id = project + "/" + path;
  tile.project = project;
  tile.box = box;
  return tile;
}

void give_file(Asset& tile, const S3Object& object) {
  tile.url = coastal::object_url(object.key);
  tile.access = Asset::Access::kStream;
  tile.size = object.size;
  tile.revision = object.revision();
}

std::vector<coastal::IndexPart> copies_of(const std::string& project,
                                          const std::vector<S3Object>& index) {
  std::vector<coastal::IndexPart> parts;
  for (const S3Object& object : index)
    parts.push_back(
        {coastal::object_url(object.key), project + extension_of(object.key), object.size});
  return parts;
}

}  // namespace

std::string dem_prefix(const std::string& folder) {
  return "dem/" + folder + "/";
}

std::vector<S3Object> find_tile_index(const std::string& folder,
                                      const std::vector<S3Object>& listing) {
  const S3Object* best = nullptr;
  const auto order = [](const S3Object& object) {
    const auto depth = std::count(object.key.begin(), object.key.end(), '/');
    return std::make_tuple(depth, index_kind(object.key), object.key);
  };
  for (const S3Object& object : listing)
    if (index_kind(object.key) != 0 && (best == nullptr || order(object) < order(*best)))
      best = &object;
  if (best == nullptr)
    throw Error(ErrorCode::kUnreadable,
                "the coastal lidar project '" + folder + "' has no tile index in '" +
                    coastal::object_url(dem_prefix(folder)) + "'" + remedy(folder));
  std::vector<S3Object> files = {*best};
  if (index_kind(best->key) != 3) return files;
  const std::string stem = best->key.substr(0, best->key.size() - 4);
  for (const S3Object& object : listing)
    for (const char* const companion : {".shx", ".dbf", ".prj", ".cpg"})
      if (object.key == stem + companion) files.push_back(object);
  return files;
}

std::vector<Asset> match_tiles(const std::string& project, const std::string& folder,
                               const std::vector<S3Object>& listing,
                               const std::vector<coastal::IndexedFile>& rows,
                               std::size_t& unplaced) {
  const Rasters rasters(folder, listing);
  std::map<std::string, Asset> tiles;
  std::size_t placed = 0;
  for (const coastal::IndexedFile& row : rows) {
    const std::string written = written_path(row.name, folder);
    if (written.empty()) continue;
    const std::string path = rasters.find(written);
    Asset tile = make_tile(project, path.empty() ? written : path, row.box);
    if (path.empty())
      coastal::make_unusable(tile, "in the tile index, but not in the folder");
    else
      give_file(tile, rasters.at(path));
    const auto [known, fresh] = tiles.emplace(tile.id, tile);
    if (!fresh) known->second.box = *lonlat_hull({known->second.box, tile.box});
    if (fresh && !path.empty()) ++placed;
  }
  if (placed == 0)
    throw Error(ErrorCode::kUnreadable, "the tile index of the coastal lidar project '" + folder +
                                            "' names no raster of its folder" + remedy(folder));
  unplaced = rasters.size() - placed;
  std::vector<Asset> sorted;
  for (auto& [id, tile] : tiles)
    sorted.push_back(std::move(tile));
  return sorted;
}

Discovery ask_project_tiles(ArchiveContext& context, const std::string& project,
                            const std::string& folder, const std::string& old_note) {
  const auto listing = coastal::list_objects(*context.http, dem_prefix(folder));
  const auto index = find_tile_index(folder, listing);
  Discovery found;
  for (const S3Object& file : index)
    found.note += (found.note.empty() ? "" : " ") + file.revision();
  const coastal::IndexFiles files(context, copies_of(project, index), found.note == old_note);
  const auto rows = coastal::read_tile_index(files.path(), coastal::object_url(index.front().key));
  std::size_t unplaced = 0;
  found.assets = match_tiles(project, folder, listing, rows, unplaced);
  if (unplaced > 0 && context.warn)
    context.warn(std::to_string(unplaced) + " rasters of the coastal lidar project '" + folder +
                 "' are not in its tile index and are not used");
  return found;
}

}  // namespace topobathy
