#include "providers/raster/tile_shape.h"

#include <gtest/gtest.h>

#include "providers/raster/overview_levels.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

struct ShapeCase {
  const char* what;
  std::int64_t width, height, block_width, block_height, tile_width, tile_height;
};

class BlockTileShape : public ::testing::TestWithParam<ShapeCase> {};

TEST_P(BlockTileShape, makes_reads_cheap_and_memory_bounded) {
  const ShapeCase& c = GetParam();
  const TileShape tile = choose_tile_shape(c.width, c.height, c.block_width, c.block_height);
  EXPECT_EQ(c.tile_width, tile.width) << c.what;
  EXPECT_EQ(c.tile_height, tile.height) << c.what;
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, BlockTileShape,
    ::testing::Values(ShapeCase{"COG", 8112, 8112, 512, 512, 512, 512},
                      ShapeCase{"largest own tile", 9000, 9000, 1024, 1024, 1024, 1024},
                      ShapeCase{"small raster in one tile", 40, 30, 256, 256, 256, 256},
                      ShapeCase{"single lines", 5000, 4000, 5000, 1, 5000, 52},
                      ShapeCase{"strips", 1001, 751, 1001, 2, 1001, 260},
                      ShapeCase{"few lines", 300, 20, 300, 1, 300, 20},
                      ShapeCase{"tiny tiles", 4000, 4000, 16, 16, 256, 1024},
                      ShapeCase{"tiny tiles of a tiny raster", 40, 30, 16, 16, 48, 32},
                      ShapeCase{"global grid", 86400, 43200, 86400, 1, 4096, 64},
                      ShapeCase{"whole image in a block", 4320, 2161, 4320, 2161, 512, 512},
                      ShapeCase{"huge tiles", 20000, 20000, 4096, 4096, 512, 512},
                      ShapeCase{"block beyond all sense", 2000000000, 2000000000, 2000000000,
                                2000000000, 512, 512}));

TEST(BlockTileShape, never_exceeds_the_largest_tile) {
  for (std::int64_t block_width = 1; block_width < 200000; block_width = block_width * 3 + 1) {
    for (std::int64_t block_height = 1; block_height < 200000;
         block_height = block_height * 2 + 1) {
      const TileShape tile = choose_tile_shape(100000, 100000, block_width, block_height);
      EXPECT_LE(tile.width * tile.height, tuning::kMaxTilePixels)
          << block_width << " x " << block_height;
    }
  }
}

TEST(BlockOverviewShape, is_the_raster_at_one_scale) {
  EXPECT_TRUE(is_reduction_of(1001, 751, 501, 376));  // halves rounded up
  EXPECT_TRUE(is_reduction_of(1001, 751, 500, 375));  // or down
  EXPECT_TRUE(is_reduction_of(1001, 3, 126, 1));
  EXPECT_TRUE(is_reduction_of(1000, 1, 250, 1));
  EXPECT_FALSE(is_reduction_of(1001, 751, 501, 188));  // another factor in height
  EXPECT_FALSE(is_reduction_of(1001, 751, 2002, 1502));
  EXPECT_FALSE(is_reduction_of(100, 100, 0, 0));
}

}  // namespace
}  // namespace topobathy
