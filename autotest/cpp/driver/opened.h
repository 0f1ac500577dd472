#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/dataset.h"
#include "fake_raster.h"

namespace topobathy::testing_support {

/// A dataset over a fake raster.
struct Opened {
  explicit Opened(const NamedValues& options = {},
                  std::shared_ptr<FakeFusedRaster> fake = std::make_shared<FakeFusedRaster>())
      : raster(std::move(fake)),
        dataset(std::make_unique<Dataset>(raster, read_settings(options))) {}

  GDALRasterBand& band(int number) { return *dataset->GetRasterBand(number); }

  std::shared_ptr<FakeFusedRaster> raster;
  std::unique_ptr<Dataset> dataset;
};

struct Rectangle {
  int col, row, width, height;
};

inline GDALRasterIOExtraArg extra_arg(GDALRIOResampleAlg algorithm = GRIORA_NearestNeighbour) {
  GDALRasterIOExtraArg extra;
  INIT_RASTERIO_EXTRA_ARG(extra);
  extra.eResampleAlg = algorithm;
  return extra;
}

inline std::vector<float> read_floats(GDALRasterBand& band, Rectangle r, int width, int height,
                                      GDALRasterIOExtraArg extra = extra_arg()) {
  std::vector<float> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const CPLErr status = band.RasterIO(GF_Read, r.col, r.row, r.width, r.height, pixels.data(),
                                      width, height, GDT_Float32, 0, 0, &extra);
  if (status != CE_None) pixels.clear();
  return pixels;
}

/// The errors that GDAL's user sees while it lives.
class SeenErrors {
 public:
  SeenErrors() { CPLPushErrorHandlerEx(note, this); }
  ~SeenErrors() { CPLPopErrorHandler(); }
  SeenErrors(const SeenErrors&) = delete;
  SeenErrors& operator=(const SeenErrors&) = delete;

  struct Seen {
    CPLErr severity;
    CPLErrorNum number;
    std::string message;
  };
  std::vector<Seen> errors;

 private:
  static void CPL_STDCALL note(CPLErr severity, CPLErrorNum number, const char* message) {
    if (severity < CE_Warning) return;
    static_cast<SeenErrors*>(CPLGetErrorHandlerUserData())
        ->errors.push_back({severity, number, message});
  }
};

}  // namespace topobathy::testing_support
