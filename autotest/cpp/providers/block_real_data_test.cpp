// Real files of the formats the product is for: each opens and reads, or is refused with a reason.

#include <cmath>

#include <gmock/gmock.h>

#include "fusion/error.h"
#include "fusion/window.h"
#include "needed_data.h"
#include "providers/block_test_files.h"

namespace topobathy {
namespace {

const std::string kData = test::shared_data();

struct RealFile {
  const char* file;
  const char* driver;   ///< null: refused
  const char* refusal;  ///< part of the message
  double lowest;        ///< of band 1, from the inventory; NaN: not compared
  double highest;
};

constexpr double kAny = std::numeric_limits<double>::quiet_NaN();

class BlockRealData : public ::testing::TestWithParam<RealFile> {
 protected:
  static void SetUpTestSuite() { GDALAllRegister(); }
  void SetUp() override { TOPOBATHY_NEED_FILE(kData); }
};

struct Range {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
};

Range range_of(BlockReader& reader, int level_number) {
  Range range;
  const RasterLevel& level = reader.header().levels[static_cast<std::size_t>(level_number)];
  for (std::int64_t row = 0; row < ceil_div(level.height, level.block_height); ++row) {
    for (std::int64_t col = 0; col < ceil_div(level.width, level.block_width); ++col) {
      for (const float value : *reader.block(level_number, 1, col, row, {})) {
        if (std::isnan(value)) continue;
        range.lowest = std::min(range.lowest, static_cast<double>(value));
        range.highest = std::max(range.highest, static_cast<double>(value));
      }
    }
  }
  return range;
}

TEST_P(BlockRealData, opens_and_reads_or_is_refused_with_a_reason) {
  const RealFile& real = GetParam();
  const std::string path = kData + "/" + real.file;
  if (real.driver == nullptr) {
    try {
      open_raster(path, {});
      FAIL() << "was not refused";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr(real.refusal));
      EXPECT_THAT(error.what(), ::testing::HasSubstr(path));
    }
    return;
  }
  const auto reader = open_raster(path, {});
  EXPECT_EQ(real.driver, reader->header().driver);
  EXPECT_NE("", reader->header().revision);
  const Range range = range_of(*reader, 0);
  if (std::isnan(real.lowest)) return;
  EXPECT_NEAR(real.lowest, range.lowest, 0.51);
  EXPECT_NEAR(real.highest, range.highest, 0.51);
}

INSTANTIATE_TEST_SUITE_P(
    Files, BlockRealData,
    ::testing::Values(
        RealFile{"bag/newcastle_nh_sh2007_0.5m_mllw.bag", "BAG", "", -19.49, -9.50},
        RealFile{"bag/newcastle_nh_tiny_sr_0.5m.bag", "BAG", "", -13.77, -12.07},
        RealFile{"bag/seattle_wa_nrt_vr_gzip_epsg6339.bag", "BAG", "", kAny, kAny},
        RealFile{"bag/bering_strait_navo_jd211_2m.bag", "BAG", "", -52.96, -50.99},
        RealFile{"bag/newyork_harbor_bdb_01_4m.bag", "BAG", "", -4.52, -2.80},
        RealFile{"bag/newyork_longbeach_bdb_02_4m.bag", "BAG", "", -16.78, -0.82},
        RealFile{"bag/nw_atlantic_deep_bdb_00_100m.bag", "BAG", "", -4692, -4526},
        RealFile{"bag/east_pacific_southern_hemi_false_northing_75m.bag", "BAG", "", -4184, -3226},
        RealFile{"bag/odd/one_byte_fake_00.bag", nullptr, "cannot read", 0, 0},
        RealFile{"bag/odd/hdf5_without_BAG_root_bdb_00.bag", nullptr, "cannot", 0, 0},
        RealFile{"bag/odd/unreadable_test_00.bag", nullptr, "cannot", 0, 0},
        RealFile{"bag/odd/metadata_layer_example_bogus_supergrids.bag", "BAG", "", kAny, kAny},
        RealFile{"bag/odd/synthetic_georefmetadata_layer.bag", "BAG", "", kAny, kAny},
        RealFile{"bag/odd/synthetic_no_crs_true_n_nominal.bag", "BAG", "", kAny, kAny},
        RealFile{"bag/odd/synthetic_sample_1.5.0_all_zero.bag", "BAG", "", kAny, kAny},
        RealFile{"bag/odd/synthetic_sample_2.0.1_nominal_elevation.bag", "BAG", "", kAny, kAny},
        RealFile{"bag/odd/synthetic_test_vr.bag", "BAG", "", kAny, kAny},
        RealFile{"bluetopo/BlueTopo_BH54S4ZB_20251117_elevation_crop_4m.tif", "GTiff", "", -805.92,
                 -12.34},
        RealFile{"topobathy/ngdc_crm_3s_newyork_longisland.tif", "GTiff", "", -352.1, 501},
        RealFile{"topobathy/cudem_sabinepass_tx_equal.nc", "netCDF", "", kAny, kAny},
        RealFile{"topobathy/cudem_sabinepass_tx_unequal.nc", "netCDF", "", kAny, kAny},
        RealFile{"topobathy/cudem_wingaersheek_ma_3m_navd88.tif", "GTiff", "", -9.38, 27.81},
        RealFile{"topobathy/chs_nonna_topobathy_cocagne_nb_10m.tif", "GTiff", "", -4.75, 11.60},
        RealFile{"bathy_regional/gmrt_salishsea_183m_decimated3.tif", "GTiff", "", -408, 1461},
        RealFile{"bathy_regional/salishseacast_250m_pugetsound_sanjuan_warped.tif", "GTiff", "",
                 -350, -4},
        RealFile{"bathy_regional/salishseacast_bathymetry_202108_500m_curvilinear.nc", nullptr,
                 "cannot use", 0, 0},
        RealFile{"global/gebco_2023_n48.8518_s47.1651_w-124.837_e-122.1564.nc", "netCDF", "", -2217,
                 2290},
        RealFile{"global/etopo1_1min_nw_atlantic_89W54W_14N46N.tif", "GTiff", "", -8497, 2846},
        RealFile{"global/etopo5_5min_global_pm180.tif", "GTiff", "", -10376, 7833},
        RealFile{"global/ferret_etopo60_60min_lon20to380.cdf", "netCDF", "", kAny, kAny},
        RealFile{"dem/hawaii_kilauea_dem_30m_utm5n_cog.tif", "GTiff", "", 0, 1505},
        RealFile{"dem/copernicus_glo30_left_edge_of_missing_tile.tif", "GTiff", "", 1756, 1903},
        RealFile{"lidar/lone-star.copc.laz", nullptr, "cannot read", 0, 0},
        RealFile{"tileindex/nbs_vrt_tiles.gpkg", nullptr, "cannot", 0, 0}));

TEST_F(BlockRealData, headers_say_what_the_inventory_says) {
  const auto bag = open_raster(kData + "/bag/newcastle_nh_sh2007_0.5m_mllw.bag", {})->header();
  EXPECT_EQ(2, bag.bands);
  EXPECT_EQ((std::vector<std::string>{"elevation", "uncertainty"}), bag.band_names);
  EXPECT_EQ(841, bag.levels[0].width);
  EXPECT_EQ(1246, bag.levels[0].height);
  EXPECT_EQ(1e6, bag.nodata[0]);
  EXPECT_THAT(bag.crs_wkt, ::testing::HasSubstr("UTM"));
  const auto bluetopo =
      open_raster(kData + "/bluetopo/BlueTopo_BH54S4ZB_20251117_elevation_crop_4m.tif", {})
          ->header();
  EXPECT_EQ(1001, bluetopo.levels[0].width);
  EXPECT_THAT(bluetopo.crs_wkt, ::testing::HasSubstr("COMPOUNDCRS"));
  const auto gebco =
      open_raster(kData + "/global/gebco_2023_n48.8518_s47.1651_w-124.837_e-122.1564.nc", {})
          ->header();
  EXPECT_EQ("", gebco.crs_wkt) << "GDAL 3.6 finds none; the provider must be told";
}

}  // namespace
}  // namespace topobathy
