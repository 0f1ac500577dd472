#include "driver/band_layout.h"

namespace topobathy {

const char* band_name(BandKind kind) noexcept {
  switch (kind) {
    case BandKind::kElevation:
      return "Elevation";
    case BandKind::kUncertainty:
      return "Uncertainty";
    case BandKind::kContributor:
      return "Contributor";
  }
  return "";
}

GDALDataType BandLayout::type_of(BandKind kind) const noexcept {
  return kind == BandKind::kContributor && typed_contributor ? GDT_UInt32 : GDT_Float32;
}

double BandLayout::nodata_of(BandKind kind) const noexcept {
  return type_of(kind) == GDT_UInt32 ? kNoSource : nodata;
}

BandSelection planes_for(const std::vector<BandKind>& bands) noexcept {
  BandSelection planes{false, false, false};
  for (const BandKind kind : bands) {
    planes.elevation |= kind == BandKind::kElevation;
    planes.uncertainty |= kind == BandKind::kUncertainty;
    planes.source |= kind == BandKind::kContributor;
  }
  return planes;
}

}  // namespace topobathy
