#include "providers/nasadem/nasadem.h"

#include <utility>

#include "fusion/policy/provider_table.h"
#include "providers/dem/dem_archive.h"
#include "providers/dem/vrt_tiles.h"
#include "providers/stac/stac_tiles.h"

namespace topobathy {
namespace {

constexpr char kMirror[] = "https://opentopography.s3.sdsc.edu/raster/NASADEM/";
constexpr double kResolution = 30.0;  ///< metres

void describe(Asset& asset) {
  asset.resolution = kResolution;
  asset.heights = {"EPSG:5773", StatedBy::kArchive};
  SourceRecord& record = asset.record;
  record.provider = "nasadem";
  record.institution = "NASA";
  record.vertical_datum = "EGM96";
  record.vertical_basis = "archive";
  record.resolution = kResolution;
}

std::unique_ptr<DemSource> make_source(const std::string& product,
                                       const std::shared_ptr<ArchiveContext>& context) {
  if (product == "vrt")
    return std::make_unique<VrtTiles>(
        context, product, VrtPlace{std::string(kMirror) + "NASADEM_be.vrt", kMirror}, describe);
  return std::make_unique<StacTiles>(
      context, StacTiles::Collection{"nasadem", 0.0,
                                     [](const StacItem&, Asset& asset) { describe(asset); }});
}

}  // namespace

std::unique_ptr<Archive> make_nasadem(const ArchiveSetup& setup) {
  DemArchive::Model model;
  model.source = make_source(product_of(setup.step), setup.context);
  constexpr double kHalfPixel = 0.5 / 3600.0;  // samples are points
  model.extent = LonLatBox{-180.0, -56.0 - kHalfPixel, 180.0, 60.0 + kHalfPixel};
  return std::make_unique<DemArchive>(setup, std::move(model));
}

}  // namespace topobathy
