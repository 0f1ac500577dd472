#pragma once

#include <vector>

#include <gdal.h>

#include "fusion/fused_raster.h"
#include "fusion/plane.h"

namespace topobathy {

enum class BandKind { kElevation, kUncertainty, kContributor };

/// Description of the band in the dataset; also its name in BANDS=.
const char* band_name(BandKind kind) noexcept;

/// Which bands a dataset has, in order, and how a pixel without a value looks in them.
struct BandLayout {
  std::vector<BandKind> bands{BandKind::kElevation, BandKind::kUncertainty, BandKind::kContributor};
  float nodata = kNoValue;         ///< of the Float32 bands
  bool typed_contributor = false;  ///< Contributor is UInt32 with nodata 0

  GDALDataType type_of(BandKind kind) const noexcept;
  double nodata_of(BandKind kind) const noexcept;
};

/// The planes to read for these bands.
BandSelection planes_for(const std::vector<BandKind>& bands) noexcept;

}  // namespace topobathy
