#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "opened.h"

namespace topobathy {
namespace {

using namespace testing_support;

float fake_pixel(int level, int col, int row) {
  const std::int64_t size = std::int64_t{1} << level;
  return FakeFusedRaster::plane_elevation(level, 51200 / size + col, -460800 / size + row);
}

/// Like no hole at all: a third of the pixels, the same at every reading.
float holed(int level, std::int64_t col, std::int64_t row) {
  const auto mix = static_cast<std::uint64_t>(col * 7919 + row * 104729 + level * 31);
  return mix * 2654435761U % 3 == 0 ? kNoValue : static_cast<float>(mix % 1009) - 500.f;
}

bool same(float a, float b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

TEST(Reading, full_resolution_is_an_exact_copy) {
  Opened opened;
  const auto pixels = read_floats(opened.band(1), {5, 7, 3, 2}, 3, 2);
  EXPECT_EQ(pixels,
            (std::vector<float>{fake_pixel(0, 5, 7), fake_pixel(0, 6, 7), fake_pixel(0, 7, 7),
                                fake_pixel(0, 5, 8), fake_pixel(0, 6, 8), fake_pixel(0, 7, 8)}));
}

TEST(Reading, a_power_of_two_is_an_exact_copy_of_that_level) {
  Opened opened;
  for (const GDALRIOResampleAlg algorithm :
       {GRIORA_NearestNeighbour, GRIORA_Bilinear, GRIORA_Average}) {
    const auto pixels = read_floats(opened.band(1), {8, 16, 8, 8}, 2, 2, extra_arg(algorithm));
    EXPECT_EQ(pixels, (std::vector<float>{fake_pixel(2, 2, 4), fake_pixel(2, 3, 4),
                                          fake_pixel(2, 2, 5), fake_pixel(2, 3, 5)}));
  }
  EXPECT_EQ(opened.raster->reads().back().level, 2);
}

TEST(Reading, all_bands_of_a_window_are_one_read) {
  Opened opened;
  std::vector<float> pixels(3 * 20);
  ASSERT_EQ(opened.dataset->RasterIO(GF_Read, 0, 0, 5, 4, pixels.data(), 5, 4, GDT_Float32, 3,
                                     nullptr, 0, 0, 0, nullptr),
            CE_None);
  ASSERT_EQ(opened.raster->reads().size(), 1U);
  EXPECT_EQ(pixels[0], fake_pixel(0, 0, 0));
  EXPECT_EQ(pixels[20], fake_pixel(0, 0, 0) * 0.01f);
  EXPECT_EQ(pixels[40], 70000.f);
}

TEST(Reading, only_the_planes_of_the_bands_are_asked) {
  Opened opened(NamedValues{{"BANDS", "Contributor,Elevation"}});
  read_floats(opened.band(1), {0, 0, 4, 4}, 4, 4);
  const BandSelection asked = opened.raster->reads().back().bands;
  EXPECT_TRUE(asked.source && !asked.elevation && !asked.uncertainty);
  EXPECT_STREQ(opened.band(1).GetDescription(), "Contributor");
  EXPECT_EQ(read_floats(opened.band(2), {3, 0, 1, 1}, 1, 1)[0], fake_pixel(0, 3, 0));
}

TEST(Reading, band_order_type_and_spacing_are_the_callers) {
  Opened opened;
  std::vector<double> pixels(2 * 3 * 4, -1.0);  // rows of 4, band after pixel
  int bands[] = {3, 1};
  ASSERT_EQ(
      opened.dataset->RasterIO(GF_Read, 10, 0, 3, 1, pixels.data(), 3, 1, GDT_Float64, 2, bands,
                               2 * sizeof(double), 8 * sizeof(double), sizeof(double), nullptr),
      CE_None);
  EXPECT_EQ(pixels[0], 70000.0);
  EXPECT_EQ(pixels[1], fake_pixel(0, 10, 0));
  EXPECT_EQ(pixels[2], 70001.0);
  EXPECT_EQ(pixels[5], fake_pixel(0, 12, 0));
  EXPECT_EQ(pixels[6], -1.0);
}

TEST(Reading, lines_may_run_upwards) {
  Opened opened;
  std::vector<float> pixels(4);
  ASSERT_EQ(opened.band(1).RasterIO(GF_Read, 0, 0, 1, 4, pixels.data() + 3, 1, 4, GDT_Float32,
                                    sizeof(float), -static_cast<GSpacing>(sizeof(float)), nullptr),
            CE_None);
  EXPECT_EQ(pixels[0], fake_pixel(0, 0, 3));
  EXPECT_EQ(pixels[3], fake_pixel(0, 0, 0));
}

TEST(Reading, typed_contributor_is_exact_and_zero_where_there_is_none) {
  auto raster = std::make_shared<FakeFusedRaster>();
  raster->elevation = [](int, std::int64_t col, std::int64_t) {
    return col % 2 == 0 ? 1.f : kNoValue;
  };
  raster->source = [](int, std::int64_t, std::int64_t) { return kSourceIdEnd - 1; };
  Opened opened({{"CONTRIBUTOR_TYPE", "UInt32"}}, raster);
  std::vector<std::uint32_t> ids(2);
  ASSERT_EQ(
      opened.band(3).RasterIO(GF_Read, 0, 0, 2, 1, ids.data(), 2, 1, GDT_UInt32, 0, 0, nullptr),
      CE_None);
  EXPECT_EQ(ids, (std::vector<std::uint32_t>{kSourceIdEnd - 1, 0}));
  EXPECT_EQ(opened.band(3).GetNoDataValue(nullptr), 0.0);
  EXPECT_EQ(opened.band(3).GetRasterDataType(), GDT_UInt32);
  Opened floats({}, raster);
  EXPECT_EQ(read_floats(floats.band(3), {0, 0, 1, 1}, 1, 1)[0], 16777215.f);
  EXPECT_TRUE(std::isnan(floats.band(3).GetNoDataValue(nullptr)));
}

TEST(Reading, nodata_replaces_no_value_and_never_a_value) {
  auto raster = std::make_shared<FakeFusedRaster>();
  raster->elevation = [](int, std::int64_t col, std::int64_t) {
    return col % 2 == 0 ? -9999.f : kNoValue;
  };
  Opened opened({{"NODATA", "-9999"}}, raster);
  const auto pixels = read_floats(opened.band(1), {0, 0, 2, 1}, 2, 1);
  EXPECT_EQ(pixels[1], -9999.f);
  EXPECT_NE(pixels[0], -9999.f);
  EXPECT_NEAR(pixels[0], -9999.f, 0.01f);
  EXPECT_EQ(read_floats(opened.band(3), {1, 0, 1, 1}, 1, 1)[0], -9999.f);
  EXPECT_EQ(opened.band(2).GetNoDataValue(nullptr), -9999.0);
}

TEST(Reading, a_floating_window_is_honoured) {
  Opened opened;
  auto extra = extra_arg(GRIORA_Bilinear);
  extra.bFloatingPointWindowValidity = TRUE;
  extra.dfXOff = 10.25;
  extra.dfYOff = 20.0;
  extra.dfXSize = 4.0;
  extra.dfYSize = 4.0;
  const auto pixels = read_floats(opened.band(1), {10, 20, 5, 4}, 4, 4, extra);
  // The elevations are a plane, so a quarter pixel to the east is a quarter metre.
  EXPECT_FLOAT_EQ(pixels[0], fake_pixel(0, 10, 20) + 0.25f);
}

TEST(Reading, nearest_on_a_reducing_read_of_elevation_is_the_area_mean) {
  Opened opened;
  const auto pixels = read_floats(opened.band(1), {0, 0, 9, 9}, 6, 6);
  EXPECT_EQ(opened.raster->reads().back().level, 0);
  // The first output pixel covers the first pixel and half of the second, both ways: (0.5 + 1.5 /
  // 2) / 1.5 pixels from the corner.
  EXPECT_NEAR(pixels[0], 1001.0 * 1.25 / 1.5, 1e-3);
}

TEST(Reading, nearest_at_full_resolution_stays_nearest) {
  Opened opened;
  const auto pixels = read_floats(opened.band(1), {0, 0, 2, 1}, 4, 1);
  EXPECT_EQ(pixels, (std::vector<float>{fake_pixel(0, 0, 0), fake_pixel(0, 0, 0),
                                        fake_pixel(0, 1, 0), fake_pixel(0, 1, 0)}));
}

TEST(Reading, overview_rule_shoalest_holds_between_levels) {
  auto raster = std::make_shared<FakeFusedRaster>();
  raster->mutable_policy().overview = OverviewRule::kShoalest;
  Opened opened({}, raster);
  const auto pixels = read_floats(opened.band(1), {0, 0, 9, 9}, 6, 6);
  EXPECT_EQ(pixels[0], fake_pixel(0, 1, 1));
}

TEST(Reading, ids_are_never_interpolated) {
  auto raster = std::make_shared<FakeFusedRaster>();
  raster->elevation = holed;
  Opened opened({}, raster);
  for (const GDALRIOResampleAlg algorithm :
       {GRIORA_NearestNeighbour, GRIORA_Bilinear, GRIORA_Cubic, GRIORA_CubicSpline, GRIORA_Lanczos,
        GRIORA_Average, GRIORA_Mode, GRIORA_Gauss, GRIORA_RMS})
    for (const int size : {7, 13, 40, 64}) {
      const auto ids =
          read_floats(opened.band(3), {3, 5, 40, 40}, size, size, extra_arg(algorithm));
      ASSERT_FALSE(ids.empty());
      for (const float id : ids)
        ASSERT_TRUE(std::isnan(id) || id == 70000.f || id == 70001.f) << id;
    }
}

TEST(Reading, valid_pixels_name_a_source_at_every_scale) {
  auto raster = std::make_shared<FakeFusedRaster>();
  raster->elevation = holed;
  Opened opened({}, raster);
  for (const GDALRIOResampleAlg algorithm :
       {GRIORA_NearestNeighbour, GRIORA_Bilinear, GRIORA_Cubic, GRIORA_Average})
    for (const int size : {9, 17, 32, 50, 64, 111}) {
      std::vector<float> pixels(static_cast<std::size_t>(2 * size * size));
      int bands[] = {1, 3};
      auto extra = extra_arg(algorithm);
      ASSERT_EQ(opened.dataset->RasterIO(GF_Read, 1, 2, 64, 64, pixels.data(), size, size,
                                         GDT_Float32, 2, bands, 0, 0, 0, &extra),
                CE_None);
      const std::size_t plane = pixels.size() / 2;
      for (std::size_t i = 0; i < plane; ++i)
        ASSERT_EQ(std::isnan(pixels[i]), std::isnan(pixels[plane + i])) << size;
    }
}

TEST(Reading, any_window_gives_the_pixels_of_the_whole) {
  auto raster = std::make_shared<FakeFusedRaster>();
  raster->elevation = holed;
  Opened opened({}, raster);
  const auto whole = read_floats(opened.band(1), {0, 0, 1024, 512}, 1024, 512);
  std::mt19937 random(4);
  for (int i = 0; i < 200; ++i) {
    const int col = static_cast<int>(random() % 1000), row = static_cast<int>(random() % 500);
    const int width = 1 + static_cast<int>(random() % 24),
              height = 1 + static_cast<int>(random() % 12);
    const int w = std::max(1, std::min(width, 1024 - col));
    const auto part = read_floats(opened.band(1), {col, row, w, height}, w, height);
    for (int r = 0; r < height; ++r)
      for (int c = 0; c < w; ++c)
        ASSERT_TRUE(same(part[static_cast<std::size_t>(r * w + c)],
                         whole[static_cast<std::size_t>((row + r) * 1024 + col + c)]));
  }
}

TEST(Reading, a_huge_window_is_one_read_written_cell_by_cell) {
  auto raster = std::make_shared<FakeFusedRaster>(LatticeWindow{-5120, -5120, 10240, 5120}, 5);
  raster->elevation = [](int, std::int64_t col, std::int64_t row) {
    return static_cast<float>(col * 3 + row);
  };
  Opened opened({{"BANDS", "Elevation"}}, raster);
  std::vector<float> pixels(10240 * 5120);
  ASSERT_EQ(opened.dataset->RasterIO(GF_Read, 0, 0, 10240, 5120, pixels.data(), 10240, 5120,
                                     GDT_Float32, 1, nullptr, 0, 0, 0, nullptr),
            CE_None);
  EXPECT_EQ(raster->reads().size(), 1U) << "all threads have work until the end";
  EXPECT_EQ(raster->parts, 20 * 10);
  for (int i = 0; i < 5120; i += 7)
    ASSERT_EQ(pixels[static_cast<std::size_t>(i) * 10240 + static_cast<std::size_t>(i)],
              static_cast<float>((i - 5120) * 3 + i - 5120));
}

TEST(Reading, a_huge_window_is_resampled_in_pieces_of_bounded_size) {
  auto raster = std::make_shared<FakeFusedRaster>(LatticeWindow{-5120, -5120, 10240, 5120}, 5);
  Opened opened({{"BANDS", "Elevation"}}, raster);
  auto extra = extra_arg();
  extra.eResampleAlg = GRIORA_Bilinear;
  std::vector<float> pixels(7000 * 3500);
  ASSERT_EQ(opened.band(1).RasterIO(GF_Read, 0, 0, 10240, 5120, pixels.data(), 7000, 3500,
                                    GDT_Float32, 0, 0, &extra),
            CE_None);
  EXPECT_GT(raster->reads().size(), 8U);
  for (const auto& r : raster->reads())
    EXPECT_LE(r.window.area(), 5 * 1024 * 1024);
}

TEST(Reading, reduced_reads_in_pieces_equal_reads_of_parts) {
  auto raster = std::make_shared<FakeFusedRaster>(LatticeWindow{0, 0, 8192, 8192}, 1);
  raster->elevation = holed;
  Opened opened({}, raster);
  // 3 : 1 over a raster with one overview: 1.5 level pixels an output pixel, 4096 x 4096 of them.
  const auto whole = read_floats(opened.band(1), {0, 0, 8190, 8190}, 2730, 2730);
  EXPECT_GT(raster->reads().size(), 2U);
  for (const int at : {0, 900, 1365, 2000}) {
    const auto part = read_floats(opened.band(1), {3 * at, 3 * at, 30, 30}, 10, 10);
    for (int r = 0; r < 10; ++r)
      for (int c = 0; c < 10; ++c)
        ASSERT_TRUE(same(part[static_cast<std::size_t>(r * 10 + c)],
                         whole[static_cast<std::size_t>((at + r) * 2730 + at + c)]));
  }
}

TEST(Reading, one_overview_pixel_of_a_thin_window_stays_cheap) {
  Opened opened({}, std::make_shared<FakeFusedRaster>(LatticeWindow{0, 0, 1 << 20, 1 << 10}, 10));
  const auto pixels = read_floats(opened.band(1), {0, 0, 1 << 20, 4}, 2, 4);
  ASSERT_EQ(pixels.size(), 8U);
  std::int64_t read = 0;
  for (const auto& r : opened.raster->reads())
    read += r.window.area();
  EXPECT_LE(read, 2 * 4 * 4096 * 4);
}

TEST(Reading, blocks_are_complete_and_padded_with_nodata) {
  auto raster = std::make_shared<FakeFusedRaster>(LatticeWindow{0, 0, 600, 516}, 2);
  for (const char* nodata : {"nan", "-9999"}) {
    Opened opened({{"NODATA", nodata}}, raster);
    std::vector<float> block(512 * 512, 7.f);
    ASSERT_EQ(opened.band(1).ReadBlock(1, 1, block.data()), CE_None);
    EXPECT_EQ(block[0], FakeFusedRaster::plane_elevation(0, 512, 512));
    EXPECT_EQ(block[87], FakeFusedRaster::plane_elevation(0, 599, 512));
    const float padding = static_cast<float>(opened.band(1).GetNoDataValue(nullptr));
    EXPECT_TRUE(same(block[88], padding));
    EXPECT_TRUE(same(block[4 * 512], padding));
    EXPECT_TRUE(same(block.back(), padding));
  }
  Opened typed({{"CONTRIBUTOR_TYPE", "UInt32"}}, raster);
  std::vector<std::uint32_t> ids(512 * 512, 7);
  ASSERT_EQ(typed.band(3).ReadBlock(1, 1, ids.data()), CE_None);
  EXPECT_EQ(ids[0], 70000U);
  EXPECT_EQ(ids.back(), 0U);
}

TEST(Reading, gdals_own_algorithms_work_on_elevation) {
  Opened opened;
  for (const GDALRIOResampleAlg algorithm : {GRIORA_Gauss, GRIORA_RMS, GRIORA_Mode}) {
    const auto pixels = read_floats(opened.band(1), {0, 0, 30, 30}, 10, 10, extra_arg(algorithm));
    ASSERT_EQ(pixels.size(), 100U);
    EXPECT_GT(pixels[99], pixels[0]);
  }
  std::vector<float> both(2 * 100);
  int bands[] = {1, 3};
  auto extra = extra_arg(GRIORA_Gauss);
  ASSERT_EQ(opened.dataset->RasterIO(GF_Read, 0, 0, 30, 30, both.data(), 10, 10, GDT_Float32, 2,
                                     bands, 0, 0, 0, &extra),
            CE_None);
  EXPECT_EQ(both[100], 70000.f);
}

TEST(Reading, mask_is_the_holes) {
  auto raster = std::make_shared<FakeFusedRaster>();
  raster->elevation = [](int, std::int64_t col, std::int64_t) {
    return col % 2 == 0 ? 1.f : kNoValue;
  };
  Opened opened({}, raster);
  EXPECT_EQ(opened.band(1).GetMaskFlags(), GMF_NODATA);
  std::vector<GByte> mask(4);
  ASSERT_EQ(opened.band(1).GetMaskBand()->RasterIO(GF_Read, 0, 0, 4, 1, mask.data(), 4, 1, GDT_Byte,
                                                   0, 0, nullptr),
            CE_None);
  EXPECT_EQ(mask, (std::vector<GByte>{255, 0, 255, 0}));
}

}  // namespace
}  // namespace topobathy
