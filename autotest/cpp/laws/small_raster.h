#pragma once

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal_priv.h>
#include <gdal_rat.h>
#include <ogr_spatialref.h>

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace topobathy::testing_support {

/// A raster file to make. `value` gives NaN where the file has no data.
struct SmallRaster {
  std::string crs = "EPSG:4326";
  double left = 0.0, top = 0.0, pixel = 1.0;
  int width = 0, height = 0;
  GDALDataType type = GDT_Float32;
  std::optional<double> nodata;  ///< NaN pixels of float files need none
  std::vector<std::string> options;
  std::vector<int> overviews;  ///< factors
  const char* overview_method = "AVERAGE";
  bool cog = false;      ///< a Cloud Optimized GeoTIFF with averaging overviews
  bool surveys = false;  ///< with Uncertainty and Contributor bands and an attribute table
  std::function<double(int col, int row)> value;
  /// Number of the survey, 1 to 5; default: survey_at.
  std::function<int(int col, int row)> survey;

  int from_col = 0, from_row = 0;  ///< where a tile lies in the raster it was cut from

  double x(double col) const { return left + col * pixel; }
  double y(double row) const { return top - row * pixel; }
  /// A tile of this raster.
  SmallRaster cut(int col, int row, int columns, int rows) const {
    SmallRaster tile = *this;
    tile.left = x(col), tile.top = y(row);
    tile.width = columns, tile.height = rows;
    tile.from_col += col, tile.from_row += row;
    tile.value = [whole = value, col, row](int c, int r) { return whole(c + col, r + row); };
    return tile;
  }
};

using OwnedDataset = std::unique_ptr<GDALDataset, GDALDatasetUniquePtrDeleter>;

inline void fill_band(GDALDataset& dataset, int band, const std::optional<double>& nodata,
                      const std::function<double(int, int)>& value) {
  GDALRasterBand& out = *dataset.GetRasterBand(band);
  std::vector<double> line(static_cast<std::size_t>(out.GetXSize()));
  for (int r = 0; r < out.GetYSize(); ++r) {
    for (int c = 0; c < out.GetXSize(); ++c) {
      const double v = value(c, r);
      line[static_cast<std::size_t>(c)] = std::isnan(v) && nodata ? *nodata : v;
    }
    if (out.RasterIO(GF_Write, 0, r, out.GetXSize(), 1, line.data(), out.GetXSize(), 1, GDT_Float64,
                     0, 0, nullptr) != CE_None)
      throw std::runtime_error("cannot write a test raster");
  }
}

/// Surveys 1 and 2 in diagonal stripes.
inline int survey_at(int col, int row) {
  return 1 + (col + row) / 7 % 2;
}

inline void add_surveys(GDALDataset& dataset, const SmallRaster& raster) {
  const char* const names[] = {"Elevation", "Uncertainty", "Contributor"};
  for (int band = 1; band <= 3; ++band)
    dataset.GetRasterBand(band)->SetDescription(names[band - 1]);
  const auto valid = [&](int c, int r) { return !std::isnan(raster.value(c, r)); };
  const double none = std::nan("");
  const int from = raster.from_col + raster.from_row;
  fill_band(dataset, 2, raster.nodata,
            [&](int c, int r) { return valid(c, r) ? 1 + (c + r + from) % 4 : none; });
  fill_band(dataset, 3, raster.nodata, [&](int c, int r) {
    if (!valid(c, r)) return none;
    return double(raster.survey ? raster.survey(c, r) : survey_at(c + from, r));
  });
  GDALDefaultRasterAttributeTable table;
  table.CreateColumn("value", GFT_Integer, GFU_MinMax);
  table.CreateColumn("source_survey_id", GFT_String, GFU_Generic);
  for (int survey = 1; survey <= (raster.survey ? 5 : 2); ++survey) {
    table.SetValue(survey - 1, 0, survey);
    table.SetValue(survey - 1, 1, ("H1000" + std::to_string(survey)).c_str());
  }
  dataset.GetRasterBand(3)->SetDefaultRAT(&table);
}

inline void make_cog(const std::string& path) {
  const std::string plain = path + ".plain.tif";
  CPLMoveFile(plain.c_str(), path.c_str());
  OwnedDataset from(GDALDataset::Open(plain.c_str()));
  CPLStringList options;
  options.AddString("BLOCKSIZE=128");
  options.AddString("OVERVIEW_RESAMPLING=AVERAGE");
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("COG");
  const OwnedDataset made(
      driver->CreateCopy(path.c_str(), from.get(), FALSE, options.List(), nullptr, nullptr));
  if (!made) throw std::runtime_error("cannot make " + path);
  from.reset();
  VSIUnlink(plain.c_str());
}

/// Makes the file; one that is there is replaced.
inline void write_raster(const std::string& path, const SmallRaster& raster) {
  GDALAllRegister();
  CPLStringList options;
  for (const std::string& option : raster.options)
    options.AddString(option.c_str());
  VSIUnlink(path.c_str());  // GDAL would open what it replaces, and complain if that is broken
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  OwnedDataset dataset(driver->Create(path.c_str(), raster.width, raster.height,
                                      raster.surveys ? 3 : 1, raster.type, options.List()));
  if (!dataset) throw std::runtime_error("cannot create " + path);
  double transform[6] = {raster.left, raster.pixel, 0, raster.top, 0, -raster.pixel};
  dataset->SetGeoTransform(transform);
  OGRSpatialReference crs;
  crs.SetFromUserInput(raster.crs.c_str());
  dataset->SetSpatialRef(&crs);
  if (raster.nodata)
    for (int band = 1; band <= dataset->GetRasterCount(); ++band)
      dataset->GetRasterBand(band)->SetNoDataValue(*raster.nodata);
  fill_band(*dataset, 1, raster.nodata, raster.value);
  if (raster.surveys) add_surveys(*dataset, raster);
  if (!raster.overviews.empty()) {
    dataset->FlushCache();
    dataset->BuildOverviews(raster.overview_method, static_cast<int>(raster.overviews.size()),
                            raster.overviews.data(), 0, nullptr, nullptr, nullptr);
  }
  dataset.reset();
  if (raster.cog) make_cog(path);
}

}  // namespace topobathy::testing_support
