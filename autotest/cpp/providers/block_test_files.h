#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <cpl_string.h>
#include <gdal_priv.h>
#include <gtest/gtest.h>

#include "providers/raster/block_reader.h"

namespace topobathy::test {

/// A folder of its own for each test, gone afterwards. Cached tiles and handles of other tests are
/// dropped first.
class BlockFilesTest : public ::testing::Test {
 protected:
  BlockFilesTest() {
    GDALAllRegister();
    drop_block_cache();
    std::string pattern =
        (std::filesystem::temp_directory_path() / "topobathy_blocks_XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
  }
  ~BlockFilesTest() override {
    drop_block_cache();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

/// What a generated raster looks like.
struct RasterSpec {
  int width = 0;
  int height = 0;
  int bands = 1;
  GDALDataType type = GDT_Float32;
  std::vector<std::string> creation_options;
  const char* nodata = nullptr;  ///< as decimal text, like files carry it
  const char* driver = "GTiff";
};

using DatasetHandle = std::unique_ptr<GDALDataset, GDALDatasetUniquePtrDeleter>;

inline CPLStringList list_of(const std::vector<std::string>& texts) {
  CPLStringList list;
  for (const std::string& text : texts)
    list.AddString(text.c_str());
  return list;
}

/// Empty dataset with a plain geotransform (10 units a pixel) and nodata.
inline DatasetHandle create_raster(const std::string& path, const RasterSpec& spec) {
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName(spec.driver);
  DatasetHandle dataset(driver->Create(path.c_str(), spec.width, spec.height, spec.bands, spec.type,
                                       list_of(spec.creation_options).List()));
  if (!dataset) throw std::runtime_error("cannot create " + path);
  double geotransform[6] = {1000, 10, 0, 5000, 0, -10};
  dataset->SetGeoTransform(geotransform);
  if (spec.nodata != nullptr) {
    for (int b = 1; b <= spec.bands; ++b)
      dataset->GetRasterBand(b)->SetNoDataValue(CPLAtof(spec.nodata));
  }
  return dataset;
}

/// Smooth terrain with noise: a number in [-90, 90] that depends on place and band only.
inline double terrain(int col, int row, int band) {
  const auto word = [](int value) { return static_cast<std::uint32_t>(value); };
  const std::uint32_t hash = word(col) * 73856093U ^ word(row) * 19349663U ^ word(band) * 83492791U;
  const double noise = static_cast<double>((hash * 2654435761U) >> 16) / 65536.0;
  return 60.0 * (static_cast<double>((col + 2 * row) % 97) / 97.0 - 0.5) + 30.0 * noise * band;
}

/// Writes one band; `hole` (if any) is put on a lattice of pixels and over one whole corner.
inline void write_terrain(GDALDataset& dataset, int band, const double* hole) {
  GDALRasterBand& out = *dataset.GetRasterBand(band);
  const bool is_unsigned =
      out.GetRasterDataType() == GDT_Byte || out.GetRasterDataType() == GDT_UInt16;
  std::vector<double> row(static_cast<std::size_t>(out.GetXSize()));
  for (int y = 0; y < out.GetYSize(); ++y) {
    for (int x = 0; x < out.GetXSize(); ++x) {
      const bool missing = hole != nullptr && ((x * 7 + y * 3) % 11 == 0 || (x < 70 && y < 70));
      const double height = terrain(x, y, band) + (is_unsigned ? 100 : 0);
      row[static_cast<std::size_t>(x)] = missing ? *hole : height;
    }
    ASSERT_EQ(CE_None, out.RasterIO(GF_Write, 0, y, out.GetXSize(), 1, row.data(), out.GetXSize(),
                                    1, GDT_Float64, 0, 0, nullptr));
  }
}

}  // namespace topobathy::test
