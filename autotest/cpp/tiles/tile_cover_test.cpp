#include "utils/tiles/tile_cover.h"

#include <gtest/gtest.h>

#include <set>

#include "refusal.h"

namespace topobathy {
namespace {

std::set<TileAddress> tiles(const LonLatBox& box, int zoom) {
  const TileCover cover = tiles_of_box(box, zoom);
  std::set<TileAddress> all;
  for (std::int64_t i = 0; i < cover.count(); ++i)
    all.insert(cover.at(i));
  EXPECT_EQ(static_cast<std::int64_t>(all.size()), cover.count()) << "a tile comes twice";
  return all;
}

TEST(TileCover, the_box_of_a_tile_is_that_tile_alone) {
  for (int z = 0; z <= kDeepestZoom; ++z) {
    const std::int64_t last = (std::int64_t{1} << z) - 1;
    for (const TileAddress tile : {TileAddress{z, 0, 0}, {z, last, last}, {z, last / 3, last / 5}})
      EXPECT_EQ(tiles(tile_bounds(tile), z), std::set<TileAddress>{tile}) << z;
  }
}

TEST(TileCover, a_box_a_little_larger_has_the_neighbours_too) {
  const TileAddress tile{13, 2418, 3075};
  LonLatBox box = tile_bounds(tile);
  box.east += 1e-6;
  EXPECT_EQ(tiles(box, 13).size(), 2U);
  box.north += 1e-6;
  EXPECT_EQ(tiles(box, 13).size(), 4U);
}

TEST(TileCover, boxes_cross_the_antimeridian) {
  const std::set<TileAddress> expected = {{3, 7, 3}, {3, 0, 3}};
  EXPECT_EQ(tiles({170, 10, -170, 20}, 3), expected);
  EXPECT_EQ(tiles({170, 10, 190, 20}, 3), expected);
  EXPECT_EQ(tiles({-190, 10, -170, 20}, 3), expected);
  EXPECT_EQ(tiles({170, 10, 180, 20}, 3), (std::set<TileAddress>{{3, 7, 3}}));
  EXPECT_EQ(tiles({-180, 10, -170, 20}, 3), (std::set<TileAddress>{{3, 0, 3}}));
}

TEST(TileCover, around_the_world_no_tile_comes_twice) {
  EXPECT_EQ(tiles({-180, -90, 180, 90}, 2).size(), 16U);
  EXPECT_EQ(tiles({10, -90, 9, 90}, 2).size(), 16U);
  EXPECT_EQ(tiles({-180, -90, 180, 90}, 0).size(), 1U);
  EXPECT_EQ(tiles({170, 10, -170, 20}, 0).size(), 1U);
}

TEST(TileCover, the_poles_have_no_tile) {
  EXPECT_TRUE(tiles({0, 86, 10, 90}, 4).empty());
  EXPECT_TRUE(tiles({0, -90, 10, -85.06}, 4).empty());
  EXPECT_EQ(tiles({0, 85, 10, 90}, 4), (std::set<TileAddress>{{4, 8, 0}}));
}

TEST(TileCover, a_point_lies_in_one_tile) {
  EXPECT_EQ(tiles({0, 0, 0, 0}, 5), (std::set<TileAddress>{{5, 16, 16}}));
  EXPECT_EQ(tiles({-70.75, 43, -70.75, 43}, 13), (std::set<TileAddress>{{13, 2486, 3010}}));
}

TEST(TileCover, billions_are_counted_and_not_held) {
  const TileCover cover = tiles_of_box({-180, -90, 180, 90}, 22);
  EXPECT_EQ(cover.count(), std::int64_t{1} << 44);
  EXPECT_EQ(cover.at(cover.count() - 1), (TileAddress{22, 4194303, 4194303}));
}

TEST(TileCover, what_is_no_box_is_refused) {
  using testing_support::refusal;
  EXPECT_EQ(refusal(ErrorCode::kUsage,
                    [] {
                      tiles_of_box({0, 1, 1, 0}, 3);
                    }),
            "the box's south lies north of its north");
  EXPECT_EQ(refusal(ErrorCode::kUsage,
                    [] {
                      tiles_of_box({0, 0, 1, 1}, 23);
                    }),
            "zoom 23: tiles have a zoom from 0 to 22");
}

}  // namespace
}  // namespace topobathy
