#pragma once

#include <cpl_string.h>
#include <gdal_priv.h>
#include <gtest/gtest.h>
#include <ogr_srs_api.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "needed_data.h"
#include "providers/datum/height_shift.h"
#include "refusal.h"

/// A folder for grids, some made and some real, and what the tests of datums ask of them.
namespace topobathy::datum_test {

namespace fs = std::filesystem;

using Surface = std::function<double(double lon, double lat)>;
constexpr double kHole = -88.8888;

inline Surface level(double metres) {
  return [metres](double, double) { return metres; };
}

/// Nodes from (west, south) every `step` degrees, as NOAA counts them: longitudes 0 to 360.
inline void write_gtx(const fs::path& path, double west, double south, double step, int columns,
                      int rows, const Surface& surface) {
  GDALAllRegister();
  fs::create_directories(path.parent_path());
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTX");
  ASSERT_NE(driver, nullptr);
  GDALDatasetUniquePtr grid(driver->Create(path.c_str(), columns, rows, 1, GDT_Float32, nullptr));
  ASSERT_NE(grid, nullptr);
  double transform[6] = {west - step / 2, step, 0.0, south + (rows - 0.5) * step, 0.0, -step};
  ASSERT_EQ(grid->SetGeoTransform(transform), CE_None);
  std::vector<float> values;
  for (int row = 0; row < rows; ++row)
    for (int col = 0; col < columns; ++col)
      values.push_back(
          static_cast<float>(surface(west + col * step, south + (rows - 1 - row) * step)));
  ASSERT_EQ(grid->GetRasterBand(1)->RasterIO(GF_Write, 0, 0, columns, rows, values.data(), columns,
                                             rows, GDT_Float32, 0, 0, nullptr),
            CE_None);
}

inline void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

inline std::string met_text(double west, double south, double east, double north,
                            const std::string& frame) {
  return "# made for a test\nminlon=" + std::to_string(west) +
         "\nmaxlon = " + std::to_string(east) + "\nminlat=" + std::to_string(south) +
         "\nmaxlat=" + std::to_string(north) + "\r\nhorz=" + frame + "\nepoch=1983-2001\n";
}

inline double offset(const HeightShift& shift, double x, double y) {
  double dz = 0.0;
  shift.offsets(1, &x, &y, &dz);
  return dz;
}

class DatumTest : public ::testing::Test {
 protected:
  DatumTest() : before_(OSRGetPROJSearchPaths()) {
    std::string pattern = (fs::temp_directory_path() / "topobathy-datum-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    fs::create_directories(grids());
    fs::create_directories(vdatum());
    options_.vdatum = vdatum().string();
    options_.proj.grid_directories = {grids().string()};
  }
  ~DatumTest() override {
    OSRSetPROJSearchPaths(before_.List());
    fs::remove_all(folder_);
  }

  fs::path grids() const { return folder_ / "grids"; }
  fs::path vdatum() const { return folder_ / "bundle" / "vdatum"; }
  /// Puts a real grid where PROJ looks, under the name its database has for it.
  void install(const std::string& file, const std::string& proj_name) const {
    const fs::path source = fs::path(test::shared_data()) / "vgrid" / file;
    if (!fs::exists(source)) {
      if (test::may_skip_missing()) GTEST_SKIP() << test::missing_message(source.string());
      GTEST_FAIL() << test::missing_message(source.string());
    }
    fs::copy_file(source, grids() / proj_name, fs::copy_options::overwrite_existing);
  }
  /// A region of 5 x 5 nodes a step apart with level surfaces.
  void region(const std::string& name, double west, double south, double step,
              const std::string& frame,
              const std::vector<std::pair<std::string, Surface>>& surfaces, int nodes = 5) const {
    const double size = step * (nodes - 1);
    write_text(vdatum() / name / (name + ".met"),
               met_text(west, south, west + size, south + size, frame));
    for (const auto& [suffix, surface] : surfaces)
      write_gtx(vdatum() / name / (name + "_" + suffix + ".gtx"), west, south, step, nodes, nodes,
                surface);
  }
  HeightShift between(const std::string& from, const std::string& to,
                      const std::optional<LonLatBox>& area = std::nullopt,
                      const std::string& crs = "EPSG:4326") const {
    return HeightShift::between(crs, from, to, options_, area);
  }
  std::string refusal(ErrorCode code, const std::string& from, const std::string& to,
                      const std::optional<LonLatBox>& area = std::nullopt,
                      const std::string& crs = "EPSG:4326") const {
    return testing_support::refusal(code, [&] { between(from, to, area, crs); });
  }

  fs::path folder_;
  ShiftOptions options_;

 private:
  CPLStringList before_;
};

}  // namespace topobathy::datum_test
