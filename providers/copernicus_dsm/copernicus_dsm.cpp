#include "providers/copernicus_dsm/copernicus_dsm.h"

#include <utility>

#include "fusion/policy/provider_table.h"
#include "providers/copernicus_dsm/tile_list.h"
#include "providers/dem/asset_revision.h"
#include "providers/dem/dem_archive.h"
#include "providers/dem/named_tile.h"
#include "providers/stac/stac_tiles.h"

namespace topobathy {
namespace {

/// A product in a bucket of its own.
struct Bucket {
  const char* product;
  const char* base;          ///< ends in '/'
  const char* seconds_text;  ///< in the names of tiles: tenths of arc-seconds
  double resolution;         ///< metres
};
constexpr Bucket kBuckets[] = {
    {"glo30", "https://copernicus-dem-30m.s3.amazonaws.com/", "10", 30.0},
    {"glo90", "https://copernicus-dem-90m.s3.amazonaws.com/", "30", 90.0},
};

void describe(Asset& asset, double resolution) {
  asset.resolution = resolution;
  asset.heights = {"EPSG:3855", StatedBy::kArchive};
  SourceRecord& record = asset.record;
  record.provider = "copernicus_dsm";
  record.institution = "European Space Agency";
  record.license_name = "Copernicus DEM licence";
  record.license_url =
      "https://spacedata.copernicus.eu/documents/20126/0/CSCDA_ESA_Mission-specific+Annex.pdf";
  record.vertical_datum = "EGM2008";
  record.vertical_basis = "archive";
  record.resolution = resolution;
}

/// The tiles of a bucket, listed in its tileList.txt: the discovery region "<product>:all".
class BucketTiles final : public DemSource {
 public:
  BucketTiles(std::shared_ptr<ArchiveContext> context, const Bucket& bucket)
      : context_(context),
        bucket_(bucket),
        region_(std::string(bucket.product) + ":all"),
        revision_(std::move(context)) {}

  std::vector<Asset> list(const LonLatBox& box) override {
    return context_->discovery->find(region_, box, [this](const std::string&) { return ask(); });
  }
  void state_revision(Asset& asset) override { revision_.state(asset, {region_}); }

 private:
  Discovery ask() const {
    HttpRequest request;
    request.url = std::string(bucket_.base) + "tileList.txt";
    request.max_bytes = kMaxTileListBytes;
    const std::string text = require_body(context_->http->ask(request), request.url);
    Discovery found;
    for (const CopernicusTile& tile : read_tile_list(text, bucket_.seconds_text, request.url)) {
      found.assets.push_back(
          named_tile(bucket_.base + tile.name + "/" + tile.name + ".tif", tile.box));
      describe(found.assets.back(), bucket_.resolution);
    }
    return found;
  }

  const std::shared_ptr<ArchiveContext> context_;
  const Bucket& bucket_;
  const std::string region_;
  const AssetRevision revision_;
};

std::unique_ptr<DemSource> make_source(const std::string& product,
                                       const std::shared_ptr<ArchiveContext>& context) {
  for (const Bucket& bucket : kBuckets)
    if (product == bucket.product) return std::make_unique<BucketTiles>(context, bucket);
  return std::make_unique<StacTiles>(
      context, StacTiles::Collection{"cop-dem-glo-30", 0.0,
                                     [](const StacItem&, Asset& asset) { describe(asset, 30.0); }});
}

}  // namespace

std::unique_ptr<Archive> make_copernicus_dsm(const ArchiveSetup& setup) {
  DemArchive::Model model;
  model.source = make_source(product_of(setup.step), setup.context);
  return std::make_unique<DemArchive>(setup, std::move(model));
}

}  // namespace topobathy
