#include "providers/usgs_3dep/usgs_3dep.h"

#include <utility>

#include "fusion/policy/provider_table.h"
#include "providers/dem/dem_archive.h"
#include "providers/dem/vrt_tiles.h"
#include "providers/stac/stac_tiles.h"
#include "providers/usgs_3dep/tnm_tiles.h"

namespace topobathy {
namespace {

constexpr char kBase[] = "https://prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/";

/// A seamless product of the staged ones.
struct Seamless {
  const char* product;
  const char* folder;  ///< arc-seconds, as the archive writes them
  double resolution;   ///< metres
};
constexpr Seamless kSeamless[] = {{"10m", "13", 10.0}, {"30m", "1", 30.0}, {"60m", "2", 60.0}};

void state_navd88(Asset& asset, StatedBy by) {
  asset.heights = {"EPSG:5703", by};
  asset.record.vertical_datum = "NAVD88";
  asset.record.vertical_basis = by == StatedBy::kArchive ? "archive" : "assumed";
}

void describe_item(const StacItem& item, Asset& asset) {
  describe_3dep(asset);
  if (item.vertical_crs == "EPSG:5703") state_navd88(asset, StatedBy::kArchive);
}

std::unique_ptr<DemSource> make_source(const std::string& product,
                                       const std::shared_ptr<ArchiveContext>& context) {
  for (const Seamless& seamless : kSeamless) {
    if (product != seamless.product) continue;
    const std::string folder = seamless.folder;
    VrtPlace place{kBase + folder + "/TIFF/USGS_Seamless_DEM_" + folder + ".vrt",
                   kBase + folder + "/TIFF/"};
    return std::make_unique<VrtTiles>(context, product, std::move(place),
                                      [resolution = seamless.resolution](Asset& asset) {
                                        asset.resolution = resolution;
                                        describe_3dep(asset);
                                      });
  }
  if (product == "1m") return std::make_unique<TnmTiles>(context);
  const double gsd = product == "stac_10m" ? 10.0 : 30.0;
  return std::make_unique<StacTiles>(context,
                                     StacTiles::Collection{"3dep-seamless", gsd, describe_item});
}

}  // namespace

void describe_3dep(Asset& asset) {
  asset.record.provider = "usgs_3dep";
  asset.record.institution = "U.S. Geological Survey";
  asset.record.license_name = "U.S. Public Domain";
  asset.record.license_url =
      "https://www.usgs.gov/information-policies-and-instructions/copyrights-and-credits";
  asset.record.resolution = asset.resolution;
  const double lon = (asset.box.west + asset.box.east) / 2.0;
  const double lat = (asset.box.south + asset.box.north) / 2.0;
  const bool conterminous = lon > -126.0 && lon < -66.0 && lat > 24.0 && lat < 50.0;
  const bool alaska = lat > 50.0;
  if (conterminous) state_navd88(asset, StatedBy::kArchive);
  if (alaska) state_navd88(asset, StatedBy::kProvider);
}

std::unique_ptr<Archive> make_usgs_3dep(const ArchiveSetup& setup) {
  DemArchive::Model model;
  model.source = make_source(product_of(setup.step), setup.context);
  return std::make_unique<DemArchive>(setup, std::move(model));
}

}  // namespace topobathy
