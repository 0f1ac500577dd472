#include "driver/level_view.h"

#include <limits>
#include <string>

#include "fusion/error.h"

namespace topobathy {
namespace {

int gdal_size(std::int64_t pixels, const LatticeWindow& extent) {
  if (pixels >= 1 && pixels <= std::numeric_limits<int>::max()) return static_cast<int>(pixels);
  throw Error(ErrorCode::kUsage, "The raster would have " + std::to_string(extent.width) + " x " +
                                     std::to_string(extent.height) +
                                     " pixels; choose a coarser resolution or a smaller extent");
}

}  // namespace

LevelView::LevelView(std::shared_ptr<FusedRaster> raster, int level)
    : raster_(std::move(raster)), level_(level) {
  const LatticeWindow& extent = raster_->extent();
  width_ = gdal_size(extent.width >> level, extent);
  height_ = gdal_size(extent.height >> level, extent);
  const Lattice& base = raster_->lattice();
  const double size = base.at_level(level).pixel_size();
  geo_transform_ = {base.x(extent.col), size, 0.0, base.y(extent.row), 0.0, -size};
}

LatticeWindow LevelView::on_lattice(const LatticeWindow& window, int steps) const noexcept {
  // The extent's origin is a multiple of 2^coarsest, so the shift is exact (also below zero: C++ on
  // every supported compiler shifts arithmetically, and floor_div says so).
  const std::int64_t factor = std::int64_t{1} << (level_ + steps);
  const LatticeWindow& extent = raster_->extent();
  return {window.col + floor_div(extent.col, factor), window.row + floor_div(extent.row, factor),
          window.width, window.height};
}

double LevelView::column_of(double x) const noexcept {
  return (x - geo_transform_[0]) / geo_transform_[1];
}

double LevelView::row_of(double y) const noexcept {
  return (y - geo_transform_[3]) / geo_transform_[5];
}

}  // namespace topobathy
