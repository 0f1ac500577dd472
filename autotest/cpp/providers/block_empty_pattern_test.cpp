#include "providers/raster/empty_pattern.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "providers/block_test_files.h"

namespace topobathy {
namespace {

const std::vector<std::uint8_t> kEmpty{1, 2, 3}, kOther{1, 2, 4};

TEST(EmptyPattern, knows_the_first_bytes_it_learnt_and_no_others) {
  EmptyPattern pattern;
  EXPECT_FALSE(pattern.matches(kEmpty.data(), 3, 1));
  EXPECT_FALSE(pattern.matches(kEmpty.data(), 0, 1));
  pattern.learn(kEmpty.data(), 3, 1);
  EXPECT_TRUE(pattern.matches(kEmpty.data(), 3, 1));
  EXPECT_FALSE(pattern.matches(kEmpty.data(), 2, 1));
  pattern.learn(kOther.data(), 3, 1);
  EXPECT_FALSE(pattern.matches(kOther.data(), 3, 1));
}

TEST(EmptyPattern, a_sample_that_was_not_decoded_is_not_known_to_be_empty) {
  EmptyPattern pattern;
  pattern.learn(kEmpty.data(), 3, 0b001);
  EXPECT_FALSE(pattern.matches(kEmpty.data(), 3, 0b101));
  pattern.learn(kEmpty.data(), 3, 0b100);
  EXPECT_TRUE(pattern.matches(kEmpty.data(), 3, 0b101));
  EXPECT_FALSE(pattern.matches(kEmpty.data(), 3, 0b010));
}

TEST(EmptyPattern, long_bytes_are_not_kept) {
  EmptyPattern pattern;
  const std::vector<std::uint8_t> bytes(100000, 7);
  pattern.learn(bytes.data(), bytes.size(), 1);
  EXPECT_FALSE(pattern.matches(bytes.data(), bytes.size(), 1));
}

using EmptyTiles = test::BlockFilesTest;

TEST_F(EmptyTiles, are_inflated_once) {
  test::RasterSpec spec;
  spec.width = spec.height = 500;  // the last tiles reach beyond the raster
  spec.nodata = "-9999";
  spec.creation_options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE",
                           "PREDICTOR=3"};
  {
    const auto made = test::create_raster(path("a.tif"), spec);
    GDALRasterBand& band = *made->GetRasterBand(1);
    band.Fill(-9999);
    std::vector<float> values(64 * 64);
    std::iota(values.begin(), values.end(), 0.0F);
    ASSERT_EQ(CE_None, band.RasterIO(GF_Write, 128, 192, 64, 64, values.data(), 64, 64, GDT_Float32,
                                     0, 0, nullptr));
  }
  const auto reader = open_raster(path("a.tif"), {});
  RasterOpenOptions by_gdal;
  by_gdal.fast_path = false;
  const auto expected = open_raster(path("a.tif"), by_gdal);
  take_decode_work();
  std::int64_t decoded = 0;
  for (int row = 0; row < 8; ++row)
    for (int col = 0; col < 8; ++col) {
      const BlockPointer block = reader->block(0, 1, col, row, {});
      decoded += take_decode_work().pixels;
      const BlockPointer same = expected->block(0, 1, col, row, {});
      take_decode_work();
      for (std::size_t p = 0; p < same->size(); ++p)
        ASSERT_TRUE((*block)[p] == (*same)[p] ||
                    (std::isnan((*block)[p]) && std::isnan((*same)[p])))
            << col << ' ' << row << ' ' << p;
    }
  EXPECT_EQ(decoded, 2 * 64 * 64) << "the first empty tile and the one with values";
}

}  // namespace
}  // namespace topobathy
