#include "providers/gebco/gebco_archive.h"

#include <cmath>
#include <limits>

#include <cpl_conv.h>

#include "cache/key_lock.h"
#include "fusion/policy/provider_table.h"
#include "providers/archive/raw_files.h"
#include "providers/gebco/gebco_files.h"
#include "providers/gebco/gebco_record.h"
#include "providers/gebco/gebco_service.h"
#include "providers/gebco/tile_file.h"

namespace topobathy {
namespace {

std::unique_ptr<GebcoSource> make_source(const ArchiveSetup& setup) {
  const GebcoProduct product =
      product_of(setup.step) == "sub_ice" ? GebcoProduct::kSubIce : GebcoProduct::kIceSurface;
  const std::string folder = CPLGetConfigOption("TOPOBATHY_GEBCO_DIR", "");
  if (folder.empty()) return std::make_unique<GebcoService>(setup.context, product);
  return std::make_unique<GebcoFiles>(folder, product, setup.context->warn);
}

}  // namespace

GebcoArchive::GebcoArchive(const ArchiveSetup& setup)
    : Archive(setup), source_(make_source(setup)) {}

Asset GebcoArchive::asset_of(const GebcoTile& tile) {
  Asset asset;
  asset.id = tile.name();
  asset.url = source_->address();
  asset.access = Asset::Access::kService;
  asset.box = tile.box();
  asset.resolution = kGebcoMetres;
  asset.revision = source_->edition();
  // The grid's metadata: standard_name height_above_mean_sea_level.
  asset.heights = {"EPSG:5714", StatedBy::kArchive};
  asset.record = gebco_record();
  return asset;
}

std::vector<Candidate> GebcoArchive::find(const LonLatBox& box) {
  std::vector<Candidate> found;
  for (const DegreeSquare& square : degree_squares(box, 1.0)) {
    const GebcoTile tile = gebco_tile(square.box);
    // Patterns choose among the sources within a tile.
    if (source_->covers(tile)) found.push_back({asset_of(tile), ""});
  }
  sort_candidates(found);
  return found;
}

std::string GebcoArchive::path_in(const std::string& folder, const GebcoTile& tile) {
  return folder + "/raw/" + source_->edition() + "_" + tile.name() + ".tif";
}

bool GebcoArchive::is_local(const Asset& asset, double /*pixel*/) {
  return !source_->on_network() || has_tile_file(path_in(context().folder, gebco_tile(asset.box)));
}

AssetFile GebcoArchive::open(const Asset& asset, double /*pixel*/) {
  const GebcoTile tile = gebco_tile(asset.box);
  const std::string kept = path_in(context().folder, tile);
  if (has_tile_file(kept)) return {kept, ""};
  const std::string folder = writable_folder(context());
  const std::string path = path_in(folder, tile);
  // Also keeps threads apart: each locks a descriptor of its own.
  const KeyLock lock(folder + "/locks", path);
  if (!has_tile_file(path)) make(path, tile);
  return {path, ""};
}

void GebcoArchive::make(const std::string& path, const GebcoTile& tile) {
  GebcoPixels pixels = source_->read(tile);
  for (std::size_t i = 0; i < pixels.tid.size(); ++i) {
    if (std::isnan(pixels.elevation[i])) pixels.tid[i] = std::numeric_limits<float>::quiet_NaN();
  }
  write_tile_file(path, tile, pixels);
}

}  // namespace topobathy
