#include "utils/tiles/tile_request.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refusal.h"

namespace topobathy {
namespace {

using testing_support::refusal;

TileRequest tile(int z, std::int64_t x, std::int64_t y) {
  TileRequest request;
  request.address = {z, x, y};
  return request;
}
std::string refused(const TileRequest& request) {
  return refusal(ErrorCode::kUsage, [&] { check(request); });
}

TEST(TileRequest, windows_count_from_the_middle_of_the_world) {
  EXPECT_EQ(tile(0, 0, 0).window(), (LatticeWindow{-128, -128, 256, 256}));
  EXPECT_EQ(tile(1, 1, 0).window(), (LatticeWindow{0, -256, 256, 256}));
  TileRequest large = tile(1, 1, 0);
  large.tile_size = 512;
  EXPECT_EQ(large.pixel_zoom(), 2);
  EXPECT_EQ(large.window(), (LatticeWindow{0, -512, 512, 512}));
}

TEST(TileRequest, what_is_no_tile_is_refused_with_what_is_allowed) {
  EXPECT_EQ(refused(tile(23, 0, 0)), "zoom 23: tiles have a zoom from 0 to 22");
  EXPECT_EQ(refused(tile(-1, 0, 0)), "zoom -1: tiles have a zoom from 0 to 22");
  EXPECT_EQ(refused(tile(3, 8, 0)), "tile 3/8/0: columns and rows of zoom 3 go from 0 to 7");
  EXPECT_EQ(refused(tile(3, 0, -1)), "tile 3/0/-1: columns and rows of zoom 3 go from 0 to 7");
  TileRequest request = tile(3, 0, 0);
  request.tile_size = 300;
  EXPECT_EQ(refused(request), "tile size 300: give 256 or 512");
  request = tile(3, 0, 0);
  request.vmin = 5, request.vmax = 5;
  EXPECT_EQ(refused(request), "vmin must be below vmax");
  request.vmin = std::nan("");
  EXPECT_EQ(refused(request), "vmin and vmax are numbers of metres");
}

TEST(TileRequest, names_go_both_ways) {
  for (const std::string& name : tile_style_names())
    EXPECT_EQ(to_text(tile_style(name)), name);
  for (const std::string& name : tile_format_names())
    EXPECT_EQ(to_text(tile_format(name)), name);
  EXPECT_EQ(tile_style("default"), TileStyle::kChart);
  EXPECT_EQ(refusal(ErrorCode::kUsage, [] { tile_style("hilshade"); }),
            "tile style 'hilshade' is not known; did you mean 'hillshade'? (there are chart, "
            "blues, hillshade, source, contours, classic)");
  EXPECT_EQ(refusal(ErrorCode::kUsage, [] { tile_format("jpeg"); }),
            "tile format 'jpeg' is not known (there are png, webp, terrarium, terrain-rgb, npy, "
            "npz, tif)");
}

}  // namespace
}  // namespace topobathy
