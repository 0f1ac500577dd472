#pragma once

#include <cstdint>
#include <memory>

#include "driver/gdal_compat.h"
#include "fusion/fused_raster.h"

namespace topobathy {

/// One level of a fused raster as GDAL sees a raster: pixel (0, 0) is the upper left pixel of the
/// extent.
class LevelView {
 public:
  /// \throws Error(kUsage) when the level has more pixels along an edge than GDAL can count
  LevelView(std::shared_ptr<FusedRaster> raster, int level);

  FusedRaster& raster() const noexcept { return *raster_; }
  const std::shared_ptr<FusedRaster>& shared_raster() const noexcept { return raster_; }
  int level() const noexcept { return level_; }
  int width() const noexcept { return width_; }
  int height() const noexcept { return height_; }
  /// Upper left corner and pixel size; rows run south, so the last one is negative.
  GeoTransform geo_transform() const noexcept { return geo_transform_; }

  /// A rectangle of this raster, `steps` levels coarser, as lattice pixels of that level.
  /// \pre the rectangle is given in pixels of the coarser level
  LatticeWindow on_lattice(const LatticeWindow& window, int steps = 0) const noexcept;

  /// The column or row (not rounded, may lie outside) of a place in the CRS.
  double column_of(double x) const noexcept;
  double row_of(double y) const noexcept;

 private:
  std::shared_ptr<FusedRaster> raster_;
  int level_;
  int width_;
  int height_;
  GeoTransform geo_transform_;
};

}  // namespace topobathy
