#include "utils/serve/fuse/write_geotiff.h"

#include <cpl_string.h>
#include <gdal_priv.h>

#include "cache/json_text.h"
#include "driver/dataset.h"
#include "fusion/error.h"
#include "utils/serve/http_error.h"
#include "utils/serve/source_rows.h"

namespace topobathy {
namespace {

int CPL_STDCALL go_on(double, const char*, void* gone) {
  return (*static_cast<const std::function<bool()>*>(gone))() ? FALSE : TRUE;
}

/// What GDAL says is for the log at most: it names the file.
class MutedGdal {
 public:
  MutedGdal() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~MutedGdal() { CPLPopErrorHandler(); }
  MutedGdal(const MutedGdal&) = delete;
  MutedGdal& operator=(const MutedGdal&) = delete;
};

CPLStringList cog_options() {
  CPLStringList options;
  options.SetNameValue("COMPRESS", "DEFLATE");
  options.SetNameValue("PREDICTOR", "YES");
  options.SetNameValue("LEVEL", "1");
  options.SetNameValue("BIGTIFF", "IF_SAFER");
  options.SetNameValue("NUM_THREADS", "2");
  return options;
}

void name_sources(Dataset& dataset, const FuseRequest& request, const AreaScan& scan) {
  const auto& bands = request.bands.bands;
  for (std::size_t i = 0; i < bands.size(); ++i)
    if (bands[i] == BandKind::kContributor)
      dataset.GetRasterBand(static_cast<int>(i) + 1)
          ->SetMetadataItem("SOURCES", canonical_text(source_rows(scan.sources)).c_str());
}

}  // namespace

void write_geotiff(const std::string& path, const std::shared_ptr<FusedRaster>& raster,
                   const FuseRequest& request, const AreaScan& scan,
                   const std::function<bool()>& gone) {
  OpenSettings settings;
  settings.request = request.open;
  settings.layout = request.bands;
  Dataset dataset(raster, settings);
  name_sources(dataset, request, scan);
  GDALDriver* const cog = GetGDALDriverManager()->GetDriverByName("COG");
  if (cog == nullptr) throw HttpError(501, "this server's GDAL is built without its driver COG");
  const MutedGdal muted;
  auto asked_gone = gone;
  const std::unique_ptr<GDALDataset, GDALDatasetUniquePtrDeleter> copy(
      cog->CreateCopy(path.c_str(), &dataset, FALSE, cog_options().List(), go_on, &asked_gone));
  if (gone()) throw Error(ErrorCode::kCancelled, "nobody waits for the answer any more");
  if (!copy)
    throw HttpError(503,
                    "the server cannot write the GeoTIFF: its disk may be full; try again "
                    "later",
                    60);
}

}  // namespace topobathy
