#include "providers/align/lonlat_hull.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace topobathy {
namespace {

void expect_box(const std::vector<LonLatBox>& boxes, const LonLatBox& expected) {
  const auto hull = lonlat_hull(boxes);
  ASSERT_TRUE(hull);
  EXPECT_DOUBLE_EQ(hull->west, expected.west);
  EXPECT_DOUBLE_EQ(hull->south, expected.south);
  EXPECT_DOUBLE_EQ(hull->east, expected.east);
  EXPECT_DOUBLE_EQ(hull->north, expected.north);
}

TEST(LonLatHull, of_neighbours_is_their_box) {
  expect_box({{-71, 42, -70, 43}, {-70.5, 41, -69, 42.5}}, {-71, 41, -69, 43});
  expect_box({{-71, 42, -70, 43}}, {-71, 42, -70, 43});
}

TEST(LonLatHull, goes_across_the_antimeridian_where_that_is_shorter) {
  expect_box({{178, -20, 179.5, -15}, {-179, -18, -178, -14}}, {178, -20, 182, -14});
  expect_box({{179, 50, 181, 52}, {-170, 51, -165, 53}, {172, 52, 173, 53}}, {172, 50, 195, 53});
}

TEST(LonLatHull, knows_one_meridian_by_all_its_numbers) {
  expect_box({{190, 0, 191, 1}, {-171, 0, -168, 1}}, {-171, 0, -168, 1});
  expect_box({{-200, 0, -190, 1}}, {160, 0, 170, 1});
}

TEST(LonLatHull, of_the_whole_world_is_the_whole_world) {
  expect_box({{-180, -90, 180, 90}, {170, 0, 190, 1}}, {-180, -90, 180, 90});
  expect_box({{-180.004, -90, 180.004, 90}}, {-180, -90, 180, 90});
  expect_box({{-180, 0, -60, 1}, {-60, 0, 60, 1}, {60, 0, 180, 1}}, {-180, 0, 180, 1});
}

TEST(LonLatHull, of_nothing_is_nothing) {
  EXPECT_FALSE(lonlat_hull({}));
}

/// Whatever the order and the numbering of meridians; and no arc that starts at a box is shorter.
TEST(LonLatHull, holds_every_box_and_is_the_shortest) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> west(-180, 179), width(1, 60), turn(-1, 1);
  for (int round = 0; round < 500; ++round) {
    std::vector<LonLatBox> boxes;
    for (int i = 0; i < 1 + round % 5; ++i) {
      const double w = west(random) + 360.0 * turn(random);
      boxes.push_back({w, 0, w + width(random), 1});
    }
    const auto hull = lonlat_hull(boxes);
    ASSERT_TRUE(hull);
    const auto length_from = [&](double start) {
      double end = start;
      for (const LonLatBox& box : boxes) {
        const double shift = std::fmod(std::fmod(box.west - start, 360) + 360, 360);
        end = std::max(end, start + shift + (box.east - box.west));
      }
      return end - start;
    };
    const double length = hull->east - hull->west;
    if (length < 360) {
      EXPECT_LE(length_from(hull->west), length);
    }
    for (const LonLatBox& box : boxes)
      EXPECT_LE(length, std::max(length_from(box.west), 0.0) >= 360 ? 360 : length_from(box.west));
  }
}

}  // namespace
}  // namespace topobathy
