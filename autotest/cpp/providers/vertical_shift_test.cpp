#include "providers/datum/vertical_shift.h"

#include <cpl_string.h>
#include <gdal_priv.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ogr_srs_api.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "needed_data.h"
#include "refusal.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path kData = test::shared_data();

/// PROJ finds, beside its own files, only the grids a test installs; the program's search path
/// comes back afterwards.
class VerticalShiftTest : public ::testing::Test {
 protected:
  VerticalShiftTest() : before_(OSRGetPROJSearchPaths()) {
    std::string pattern = (fs::temp_directory_path() / "topobathy-proj-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    CPLStringList paths(before_);
    paths.AddString(directory_.c_str());
    OSRSetPROJSearchPaths(paths.List());
  }
  ~VerticalShiftTest() override {
    OSRSetPROJSearchPaths(before_.List());
    fs::remove_all(directory_);
  }
  void SetUp() override { TOPOBATHY_NEED_FILE(kData.string()); }
  /// Puts a real grid where PROJ looks, under the name its database has for it.
  void install(const std::string& file, const std::string& proj_name) {
    fs::copy_file(kData / "vgrid" / file, directory_ / proj_name);
  }

 private:
  CPLStringList before_;
  fs::path directory_;
};

double offset(const VerticalShift& shift, double x, double y) {
  double dz = 0.0;
  shift.offsets(1, &x, &y, &dz);
  return dz;
}

struct Raster {
  std::vector<float> pixels;
  int width = 0, height = 0;
  double transform[6] = {};
};

Raster read(const fs::path& path) {
  GDALAllRegister();
  GDALDatasetUniquePtr dataset(GDALDataset::Open(path.c_str(), GDAL_OF_RASTER));
  Raster raster;
  if (!dataset) return raster;
  raster.width = dataset->GetRasterXSize();
  raster.height = dataset->GetRasterYSize();
  dataset->GetGeoTransform(raster.transform);
  raster.pixels.resize(static_cast<std::size_t>(raster.width) *
                       static_cast<std::size_t>(raster.height));
  const CPLErr result = dataset->GetRasterBand(1)->RasterIO(
      GF_Read, 0, 0, raster.width, raster.height, raster.pixels.data(), raster.width, raster.height,
      GDT_Float32, 0, 0, nullptr);
  EXPECT_EQ(result, CE_None);
  return raster;
}

/// The value of the grid node at (lon, lat); grids may count longitudes from 0 to 360.
double node(const Raster& grid, double lon, double lat) {
  if (lon < grid.transform[0]) lon += 360.0;
  const auto col = static_cast<int>(std::floor((lon - grid.transform[0]) / grid.transform[1]));
  const auto row = static_cast<int>(std::floor((lat - grid.transform[3]) / grid.transform[5]));
  EXPECT_TRUE(col >= 0 && col < grid.width && row >= 0 && row < grid.height);
  return grid.pixels.at(static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.width) +
                        static_cast<std::size_t>(col));
}

/// The same elevation model in both frames: heights above EGM2008 plus the shift are its heights
/// above the ellipsoid.
TEST_F(VerticalShiftTest, BringsTheLosAngelesModelFromTheGeoidToTheEllipsoid) {
  install("egm2008_1min_losangeles_crop.tif", "us_nga_egm08_25.tif");
  const Raster geoid = read(kData / "dem/losangeles_30m_geoid_heights.tif");
  const Raster ellipsoid = read(kData / "dem/losangeles_30m_ellipsoid_heights.tif");
  ASSERT_FALSE(geoid.pixels.empty());
  ASSERT_EQ(geoid.pixels.size(), ellipsoid.pixels.size());
  const auto shift = VerticalShift::between("EPSG:4326", "EPSG:3855", "EPSG:4979",
                                            LonLatBox{-118.05, 33.95, -117.95, 34.05});
  std::vector<double> x, y, dz(geoid.pixels.size());
  for (int row = 0; row < geoid.height; ++row)
    for (int col = 0; col < geoid.width; ++col) {
      x.push_back(geoid.transform[0] + (col + 0.5) * geoid.transform[1]);
      y.push_back(geoid.transform[3] + (row + 0.5) * geoid.transform[5]);
    }
  shift.offsets(x.size(), x.data(), y.data(), dz.data());
  double largest = 0.0;
  for (std::size_t i = 0; i < dz.size(); ++i) {
    ASSERT_FALSE(std::isnan(dz[i]));
    largest = std::max(largest, std::abs(geoid.pixels[i] + dz[i] - ellipsoid.pixels[i]));
  }
  EXPECT_LT(largest,
            0.02);  // the published pair was made from the same grid, by another interpolation
  EXPECT_NEAR(dz[dz.size() / 2], -35.0, 1.0);
}

TEST_F(VerticalShiftTest, BringsEgm96ToTheEllipsoidAndBack) {
  install("us_nga_egm96_15.tif", "us_nga_egm96_15.tif");
  const double undulation = node(read(kData / "vgrid/us_nga_egm96_15.tif"), -118.0, 34.0);
  const auto up = VerticalShift::between("EPSG:4326", "EPSG:5773", "EPSG:4979");
  const auto down = VerticalShift::between("EPSG:4326", "EPSG:4979", "EPSG:5773");
  EXPECT_NEAR(offset(up, -118.0, 34.0), undulation, 1e-6);
  EXPECT_NEAR(offset(down, -118.0, 34.0), -undulation, 1e-6);
  EXPECT_EQ(up.operation().name, "Inverse of WGS 84 to EGM96 height (1)");
  EXPECT_FALSE(up.zero());
}

TEST_F(VerticalShiftTest, TakesPointsInTheHorizontalCrs) {
  install("us_nga_egm96_15.tif", "us_nga_egm96_15.tif");
  double x = -118.0, y = 34.0;
  OGRSpatialReference lonlat, utm;
  lonlat.importFromEPSG(4326);
  lonlat.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  utm.importFromEPSG(32611);
  const std::unique_ptr<OGRCoordinateTransformation> to_utm(
      OGRCreateCoordinateTransformation(&lonlat, &utm));
  ASSERT_TRUE(to_utm && to_utm->Transform(1, &x, &y));
  EXPECT_NEAR(offset(VerticalShift::between("EPSG:32611", "EPSG:5773", "EPSG:4979"), x, y),
              offset(VerticalShift::between("EPSG:4326", "EPSG:5773", "EPSG:4979"), -118.0, 34.0),
              1e-6);
}

TEST_F(VerticalShiftTest, IsNaNOffARegionalGrid) {
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  const double undulation = node(read(kData / "vgrid/us_noaa_g2018p0.tif"), -67.0, 18.0);
  const auto shift = VerticalShift::between("EPSG:6318", "EPSG:6641", "EPSG:6319",
                                            LonLatBox{-67.1, 17.8, -66.9, 18.1});
  EXPECT_NEAR(offset(shift, -67.0, 18.0), undulation, 1e-4);
  EXPECT_TRUE(std::isnan(offset(shift, -70.0, 43.0)));  // off the grid
}

TEST_F(VerticalShiftTest, MetresUpWhateverTheCrsCountsIn) {
  // Same datum, other unit (US survey feet) or direction (depth): the heights in metres stay.
  for (const char* other : {"EPSG:6360", "EPSG:6357", "EPSG:6358"}) {
    SCOPED_TRACE(other);
    EXPECT_EQ(offset(VerticalShift::between("EPSG:26919", "EPSG:5703", other), 350000, 4760000),
              0.0);
    EXPECT_EQ(offset(VerticalShift::between("EPSG:26919", other, "EPSG:5703"), 350000, 4760000),
              0.0);
  }
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  const LonLatBox area{-67.1, 17.8, -66.9, 18.1};
  // PRVD02 to the ellipsoid in metres is negative, so from the ellipsoid to PRVD02 positive.
  const double down =
      offset(VerticalShift::between("EPSG:6318", "EPSG:6641", "EPSG:6319", area), -67.0, 18.0);
  const double up =
      offset(VerticalShift::between("EPSG:6318", "EPSG:6319", "EPSG:6641", area), -67.0, 18.0);
  EXPECT_LT(down, -30.0);
  EXPECT_NEAR(up, -down, 1e-6);
}

TEST_F(VerticalShiftTest, SameReferenceIsNoShift) {
  for (const char* crs : {"EPSG:5703", "EPSG:4979"}) {
    const auto shift = VerticalShift::between("EPSG:26919", crs, crs);
    EXPECT_TRUE(shift.zero());
    EXPECT_EQ(offset(shift, 350000, 4760000), 0.0);
  }
  EXPECT_TRUE(VerticalShift::between("EPSG:6318", "EPSG:6349", "EPSG:5703")
                  .zero());  // a compound's vertical member
}

std::string refusal(ErrorCode code, const char* horizontal, const char* from, const char* to,
                    const std::optional<LonLatBox>& area = std::nullopt) {
  return testing_support::refusal(code,
                                  [&] { VerticalShift::between(horizontal, from, to, area); });
}

TEST_F(VerticalShiftTest, AMissingGridIsNamed) {
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, "EPSG:6348", "EPSG:5703", "EPSG:6319"),
            "heights cannot be brought from 'EPSG:5703' (NAVD88 height) to 'EPSG:6319' "
            "(NAD83(2011)): grid us_noaa_g2018u0.tif is not installed; put it into a PROJ data "
            "directory (projsync --file NAME fetches it), name its directory in "
            "TOPOBATHY_PROJ_DATA or PROJ_DATA, or read it over the network with "
            "TOPOBATHY_PROJ_NETWORK=ON");
  EXPECT_THAT(refusal(ErrorCode::kUnsupported, "EPSG:4326", "EPSG:5703", "EPSG:3855",
                      LonLatBox{-71, 42, -70, 43}),
              HasSubstr("grids us_nga_egm08_25.tif, us_noaa_g2018u0.tif are not installed"));
}

TEST_F(VerticalShiftTest, AGridInstalledLaterIsFound) {
  const LonLatBox area{-67.1, 17.8, -66.9, 18.1};
  refusal(ErrorCode::kUnsupported, "EPSG:4269", "EPSG:6641", "EPSG:6319", area);
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  const auto shift = VerticalShift::between("EPSG:4269", "EPSG:6641", "EPSG:6319", area);
  EXPECT_NEAR(offset(shift, -67.0, 18.0), -39.7, 0.1);
  EXPECT_THAT(shift.operation().definition, HasSubstr("us_noaa_g2018p0"));
}

TEST_F(VerticalShiftTest, AnOlderModelIsNoReplacementForTheMissingOne) {
  const LonLatBox area{-71, 42, -70, 43};
  install("us_noaa_g1999u04_crop_75W69W_40N44.6N.tif", "us_noaa_g1999u04.tif");
  EXPECT_THAT(refusal(ErrorCode::kUnsupported, "EPSG:4269", "EPSG:5703", "EPSG:4979", area),
              HasSubstr("grid us_noaa_g2018u0.tif is not installed"));
}

TEST_F(VerticalShiftTest, AShiftThatNobodyKnowsIsRefused) {
  // MLLW has no transformation in PROJ's database: a ballpark one would add nothing and say
  // nothing.
  const std::string message =
      refusal(ErrorCode::kUnsupported, "EPSG:26919", "EPSG:5866", "EPSG:5703");
  EXPECT_THAT(message, HasSubstr("PROJ knows no transformation there; convert the data first, or "
                                 "state the same vertical_crs"));
  EXPECT_THAT(refusal(ErrorCode::kUsage, "EPSG:26919", "EPSG:26919", "EPSG:5703"),
              HasSubstr("is not a vertical CRS"));
}

TEST_F(VerticalShiftTest, APointKnowsNeitherItsBatchNorItsThread) {
  install("us_nga_egm96_15.tif", "us_nga_egm96_15.tif");
  const auto shift = VerticalShift::between("EPSG:3857", "EPSG:5773", "EPSG:4979");
  std::vector<double> x, y;
  for (int i = 0; i < 3000; ++i) {
    x.push_back(-2e7 + 13e3 * i);
    y.push_back(i % 40 == 0 ? std::nan("") : -1.9e7 + 12e3 * i);
  }
  std::vector<double> whole(x.size());
  shift.offsets(x.size(), x.data(), y.data(), whole.data());
  const auto same = [&](std::size_t i, double value) {
    return value == whole[i] || (std::isnan(value) && std::isnan(whole[i]));
  };
  std::vector<std::thread> threads;
  std::vector<int> differing(4, 0);
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = static_cast<std::size_t>(t); i < x.size(); i += 4)
        differing[static_cast<std::size_t>(t)] += same(i, offset(shift, x[i], y[i])) ? 0 : 1;
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(differing, std::vector<int>(4, 0));
  EXPECT_TRUE(std::isnan(whole[0]));
  EXPECT_FALSE(std::isnan(whole[1]));
}

}  // namespace
}  // namespace topobathy
