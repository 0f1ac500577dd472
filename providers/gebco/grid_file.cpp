#include "providers/gebco/grid_file.h"

#include <algorithm>
#include <cmath>

#include "fusion/error.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/open_dataset.h"

namespace topobathy {
namespace {

constexpr int kEdge = kGebcoPerDegree;

/// Pixels of the global grid, half-open, counted from 90 N, 180 W.
struct Rectangle {
  int top = 0;
  int left = 0;
  int bottom = 0;
  int right = 0;
};

Rectangle rectangle_of(const GebcoTile& tile) noexcept {
  const int top = (89 - tile.south) * kEdge;
  return {top, tile.first_col(), top + kEdge, tile.first_col() + kEdge};
}

Rectangle common(const GebcoFiles::File& file, const GebcoTile& tile) noexcept {
  const Rectangle wanted = rectangle_of(tile);
  return {std::max(wanted.top, file.row), std::max(wanted.left, file.col),
          std::min(wanted.bottom, file.row + file.rows),
          std::min(wanted.right, file.col + file.cols)};
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(ErrorCode::kUnsupported, "cannot use '" + path + "' as a file of GEBCO: " + what +
                                           "; take it out of TOPOBATHY_GEBCO_DIR");
}

/// A corner in degrees from the grid's own, as a whole number of pixels.
int whole_pixels(double degrees, const std::string& path) {
  const double pixels = degrees * kEdge;
  if (!(std::fabs(pixels) < 1e6) || std::fabs(pixels - std::round(pixels)) > 0.01)
    refuse(path, "its pixels are not those of the 15 arc-second grid");
  return static_cast<int>(std::lround(pixels));
}

}  // namespace

GebcoFiles::File place_in_grid(const std::string& path) {
  const OpenRecipe recipe = make_recipe(path, {}, /*allow_vrt=*/false);
  const auto guard = serialise(recipe.serialised);
  const DatasetPointer dataset = open_dataset(recipe);
  double transform[6] = {};
  if (dataset->GetRasterCount() != 1)
    refuse(path, "it has " + std::to_string(dataset->GetRasterCount()) + " bands, not one");
  if (dataset->GetGeoTransform(transform) != CE_None || transform[2] != 0 || transform[4] != 0)
    refuse(path, "it has no grid of longitudes and latitudes");
  constexpr double kPixel = 1.0 / kEdge;
  if (std::fabs(transform[1] - kPixel) > 1e-8 || std::fabs(transform[5] + kPixel) > 1e-8)
    refuse(path, "its pixels are not those of the 15 arc-second grid");
  GebcoFiles::File file;
  file.path = path;
  if (recipe.stamp) file.stamp = recipe.stamp->text();
  file.col = whole_pixels(transform[0] + 180, path);
  file.row = whole_pixels(90 - transform[3], path);
  file.cols = dataset->GetRasterXSize();
  file.rows = dataset->GetRasterYSize();
  return file;
}

bool has_pixels(const GebcoFiles::File& file, const GebcoTile& tile) noexcept {
  const Rectangle shared = common(file, tile);
  return shared.top < shared.bottom && shared.left < shared.right;
}

void paint_tile(const GebcoFiles::File& file, const GebcoTile& tile, std::vector<float>& values) {
  if (!has_pixels(file, tile)) return;
  const Rectangle shared = common(file, tile);
  const Rectangle whole = rectangle_of(tile);
  const int width = shared.right - shared.left;
  const int height = shared.bottom - shared.top;
  std::vector<double> read(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const OpenRecipe recipe = make_recipe(file.path, {}, /*allow_vrt=*/false);
  if (recipe.stamp && recipe.stamp->text() != file.stamp)
    throw Error(ErrorCode::kUnreadable,
                "'" + file.path + "' has changed since it was looked at; open the policy again");
  const auto guard = serialise(recipe.serialised);
  const QuietGdalErrors errors;
  const DatasetPointer dataset = open_dataset(recipe);
  GDALRasterBand* const band = dataset->GetRasterBand(1);
  if (band->RasterIO(GF_Read, shared.left - file.col, shared.top - file.row, width, height,
                     read.data(), width, height, GDT_Float64, 0, 0, nullptr) != CE_None)
    throw Error(ErrorCode::kUnreadable,
                "cannot read '" + file.path + "': " + errors.reason("it is damaged"));
  require_unchanged(recipe);
  int has_nodata = 0;
  const double nodata = band->GetNoDataValue(&has_nodata);
  for (int row = 0; row < height; ++row) {
    for (int col = 0; col < width; ++col) {
      const double value = read[static_cast<std::size_t>(row * width + col)];
      const float metres = gebco_metres(value);
      if (std::isnan(metres) || (has_nodata != 0 && value == nodata)) continue;
      const int at = (shared.top - whole.top + row) * kEdge + shared.left - whole.left + col;
      values[static_cast<std::size_t>(at)] = metres;
    }
  }
}

}  // namespace topobathy
