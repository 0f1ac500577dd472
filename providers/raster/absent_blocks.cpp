#include "providers/raster/absent_blocks.h"

#include <algorithm>

#include "providers/raster/gdal_errors.h"

namespace topobathy {

bool is_empty_by_gdal(GDALRasterBand& band, const TileWindow& window) {
  const int status = band.GetDataCoverageStatus(
      static_cast<int>(window.col), static_cast<int>(window.row), static_cast<int>(window.width),
      static_cast<int>(window.height), 0, nullptr);
  return status == GDAL_DATA_COVERAGE_STATUS_EMPTY;
}

bool are_surely_absent(const RasterLayout& layout, const LevelLayout& level, int band,
                       std::int64_t row, const std::vector<std::int64_t>& cols) {
  const QuietGdalErrors quiet;
  RasterHandle handle(open_dataset(layout.recipe));
  GDALRasterBand* const source = handle.band(band, level.overview);
  return source != nullptr && std::all_of(cols.begin(), cols.end(), [&](std::int64_t col) {
           const TileWindow pixel{col * level.block_width, row * level.block_height, 1, 1};
           float value = 0;
           return source->RasterIO(GF_Read, static_cast<int>(pixel.col),
                                   static_cast<int>(pixel.row), 1, 1, &value, 1, 1, GDT_Float32, 0,
                                   0, nullptr) == CE_None &&
                  is_empty_by_gdal(*source, pixel);
         });
}

}  // namespace topobathy
