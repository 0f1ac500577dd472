#include <gtest/gtest.h>

#include "providers/archive/discovery_cache.h"

namespace topobathy {
namespace {

std::vector<std::string> names(const LonLatBox& box, double degrees) {
  std::vector<std::string> all;
  for (const DegreeSquare& square : degree_squares(box, degrees))
    all.push_back(square.name);
  return all;
}

using Names = std::vector<std::string>;

TEST(DegreeSquares, AreNamedByTheirSouthWestCorner) {
  EXPECT_EQ((Names{"n42_w071"}), names({-70.8, 42.1, -70.1, 42.9}, 1));
  EXPECT_EQ((Names{"s01_w001", "s01_e000", "n00_w001", "n00_e000"}),
            names({-0.5, -0.5, 0.5, 0.5}, 1));
  EXPECT_EQ((Names{"n42.25_w070.75"}), names({-70.7, 42.3, -70.6, 42.4}, 0.25));
}

TEST(DegreeSquares, LieOnBothSidesOfTheAntimeridian) {
  EXPECT_EQ((Names{"n10_e179", "n10_w180"}), names({179.5, 10.2, -179.5, 10.4}, 1));
  EXPECT_EQ((Names{"n10_e179", "n10_w180"}), names({179.5, 10.2, 180.5, 10.4}, 1));
}

TEST(DegreeSquares, GoRoundTheWorldOnceAndEndAtThePoles) {
  EXPECT_EQ(64800U, degree_squares({-200, -90, 400, 90}, 1).size());
}

TEST(DegreeSquares, BoxesMeetAcrossTheAntimeridian) {
  EXPECT_TRUE(touch({179, 0, 181, 1}, {-180, 0, -179.5, 1}));
  EXPECT_TRUE(touch({179, 0, -179, 1}, {-179.5, 0, -179.4, 1}));
  EXPECT_FALSE(touch({179, 0, -179, 1}, {-178.5, 0, -178, 1}));
  EXPECT_TRUE(touch({0, 0, 1, 1}, {1, 1, 2, 2}));
  EXPECT_FALSE(touch({0, 0, 1, 1}, {0, 1.1, 1, 2}));
}

}  // namespace
}  // namespace topobathy
