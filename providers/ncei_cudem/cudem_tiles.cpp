#include "providers/ncei_cudem/cudem_tiles.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <tuple>

#include "fusion/error.h"
#include "providers/align/lonlat_hull.h"
#include "providers/coastal/published_names.h"
#include "providers/coastal/unusable.h"
#include "providers/ncei_cudem/cudem_name.h"

namespace topobathy {
namespace {

using coastal::lower_case;
using coastal::stem_of;

/// North of it NAVD88 is in use (the mainland and Alaska); the islands south of it have datums of
/// their own (PRVD02, VIVD09, GUVD04, NMVD03, ASVD02, local tidal ones).
constexpr double kNavd88South = 24.0;

/// A file of the list or the index.
struct Tile {
  std::string path;  ///< below the folder
  std::string stem;
  std::optional<CudemName> name;
  std::optional<LonLatBox> box;

  std::string cell() const { return name ? name->cell : lower_case(stem); }
  auto edition() const { return std::make_tuple(name ? name->year : 0, name ? name->version : 0); }
};

using Boxes = std::map<std::string, std::vector<LonLatBox>>;  ///< by lower-case stem

bool is_geotiff(const std::string& path) {
  const std::string extension = coastal::extension_of(path);
  return extension == ".tif" || extension == ".tiff";
}

bool is_address(const std::string& line) {
  return line.rfind("https://", 0) == 0 || line.rfind("http://", 0) == 0;
}

Tile make_tile(const std::string& path) {
  Tile tile;
  tile.path = path;
  tile.stem = stem_of(path);
  tile.name = parse_cudem_name(tile.stem);
  return tile;
}

[[noreturn]] void refuse_list(const CudemProduct& product, const std::string& reason) {
  throw Error(ErrorCode::kUnreadable, "the list of tiles '" + cudem_list_url(product) + "' " +
                                          reason + "; try again later");
}

std::vector<Tile> listed_tiles(const CudemProduct& product, const std::string& list) {
  std::vector<Tile> tiles;
  std::istringstream lines(list);
  std::string line;
  while (std::getline(lines, line)) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (line.empty()) continue;
    if (!is_address(line))
      refuse_list(product, "has a line that is no address: '" + line.substr(0, 60) + "'");
    const std::string path = coastal::path_in_folder(line, product.folder);
    if (is_geotiff(path)) tiles.push_back(make_tile(path));
  }
  if (tiles.empty()) refuse_list(product, "names no tile");
  return tiles;
}

Boxes boxes_of(const std::vector<coastal::IndexedFile>& polygons) {
  Boxes boxes;
  for (const coastal::IndexedFile& row : polygons) {
    const std::string stem = lower_case(stem_of(row.name));
    if (coastal::is_plain_name(stem)) boxes[stem].push_back(row.box);
  }
  return boxes;
}

/// The polygon counts, not the name; the name where the index lags behind the list.
void place(Tile& tile, const Boxes& boxes) {
  const auto known = boxes.find(lower_case(tile.stem));
  if (known != boxes.end())
    tile.box = lonlat_hull(known->second);
  else if (tile.name)
    tile.box = tile.name->box;
}

/// Newest first within a cell; equal editions (one tile in two folders) by path.
bool newer(const Tile& a, const Tile& b) {
  if (a.cell() != b.cell()) return a.cell() < b.cell();
  if (a.edition() != b.edition()) return a.edition() > b.edition();
  return a.path < b.path;
}

SourceRecord record_of(const CudemProduct& product, const Tile& tile, bool navd88) {
  SourceRecord record;
  record.provider = "ncei_cudem";
  record.key = "file:" + tile.stem;
  record.survey_id = tile.stem;
  record.institution = "NOAA National Centers for Environmental Information";
  record.vertical_datum = navd88 ? "NAVD88" : "";
  record.vertical_basis = navd88 ? "archive" : "";
  record.resolution = product.resolution;
  record.link = coastal::object_url(cudem_prefix(product) + "index.html");
  return record;
}

Asset make_asset(const CudemProduct& product, const Tile& tile) {
  Asset asset;
  asset.id = tile.cell();
  asset.url = coastal::object_url(cudem_prefix(product) + tile.path);
  asset.access = Asset::Access::kDownload;
  asset.box = tile.box.value_or(coastal::kWorld);
  asset.resolution = product.resolution;
  asset.year = tile.name ? tile.name->year : 0;
  const auto [year, version] = tile.edition();
  asset.rank = year * 10'000.0 + version;
  asset.revision = tile.stem;
  const bool navd88 = product.navd88 && tile.box && tile.box->south >= kNavd88South;
  asset.heights = {navd88 ? "EPSG:5703" : "", StatedBy::kArchive};
  asset.record = record_of(product, tile, navd88);
  if (!tile.box)
    coastal::make_unusable(asset, "neither the tile index nor its name says where it lies");
  return asset;
}

void add_listed_facts(Asset& asset, const std::map<std::string, S3Object>& files,
                      const std::string& key) {
  const auto file = files.find(key);
  if (asset.url.empty() || file == files.end()) return;
  asset.size = file->second.size;
  asset.revision += " " + file->second.revision();
}

/// One asset a tile; of a cell all but the newest are ruled out.
std::vector<Asset> assets_of(const CudemProduct& product, std::vector<Tile> tiles,
                             const std::vector<S3Object>& listing) {
  std::map<std::string, S3Object> files;
  for (const S3Object& object : listing)
    files.emplace(object.key, object);
  std::sort(tiles.begin(), tiles.end(), newer);
  tiles.erase(std::unique(tiles.begin(), tiles.end(),
                          [](const Tile& a, const Tile& b) { return a.path == b.path; }),
              tiles.end());  // listed twice
  std::vector<Asset> assets;
  const Tile* newest = nullptr;
  for (const Tile& tile : tiles) {
    Asset asset = make_asset(product, tile);
    if (newest != nullptr && newest->cell() == tile.cell()) {
      asset.id = tile.path;
      coastal::make_unusable(asset, "superseded by " + newest->stem);
    } else {
      newest = &tile;
      add_listed_facts(asset, files, cudem_prefix(product) + tile.path);
    }
    assets.push_back(std::move(asset));
  }
  return assets;
}

/// Rows of the index whose file the list does not have.
void add_unlisted(const CudemProduct& product, const std::vector<Tile>& tiles, const Boxes& boxes,
                  std::vector<Asset>& assets) {
  std::map<std::string, bool> listed;
  for (const Tile& tile : tiles)
    listed[lower_case(tile.stem)] = true;
  for (const auto& [stem, places] : boxes) {
    if (listed.count(stem) != 0) continue;
    Tile tile = make_tile(stem);
    place(tile, boxes);
    Asset asset = make_asset(product, tile);
    asset.id = "index/" + stem;
    coastal::make_unusable(asset, std::string("in the tile index, but not in ") + product.list);
    assets.push_back(std::move(asset));
  }
}

}  // namespace

std::string cudem_prefix(const CudemProduct& product) {
  return std::string("dem/") + product.folder + "/";
}

std::string cudem_list_url(const CudemProduct& product) {
  return coastal::object_url(cudem_prefix(product) + product.list);
}

std::vector<Asset> cudem_tiles(const CudemProduct& product, const CudemIndex& index) {
  const Boxes boxes = boxes_of(index.polygons);
  std::vector<Tile> tiles = listed_tiles(product, index.list);
  for (Tile& tile : tiles)
    place(tile, boxes);
  std::vector<Asset> assets = assets_of(product, tiles, index.listing);
  add_unlisted(product, tiles, boxes, assets);
  std::sort(assets.begin(), assets.end(),
            [](const Asset& a, const Asset& b) { return a.id < b.id; });
  return assets;
}

}  // namespace topobathy
