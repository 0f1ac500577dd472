#include <gtest/gtest.h>

#include <cmath>

#include "providers/usgs_lidar/ground_grid.h"
#include "providers/usgs_lidar/make_grid.h"
#include "refusal.h"

namespace topobathy {
namespace {

using testing_support::refusal;

LidarPoint ground(double x, double y, double z, int classification = 2) {
  LidarPoint point;
  point.x = x, point.y = y, point.z = z;
  point.classification = static_cast<std::uint8_t>(classification);
  return point;
}

struct Values {
  float elevation, uncertainty;
};
Values at(const GroundGrid& grid, int column, int row) {
  std::vector<float> elevation, uncertainty;
  grid.block(column / GroundGrid::kBlock, row / GroundGrid::kBlock, elevation, uncertainty);
  const auto place = static_cast<std::size_t>((row % GroundGrid::kBlock) * GroundGrid::kBlock +
                                              column % GroundGrid::kBlock);
  return {elevation[place], uncertainty[place]};
}

GroundGrid grid_of(const std::vector<LidarPoint>& points, const CrsBox& box = {0, 0, 3.5, 3.5},
                   double height_unit = 1.0, bool strict = true, double cell = 1.0) {
  GroundGrid grid("cloud", ground_lattice("cloud", box, cell), height_unit, strict);
  grid.add(points.data(), points.size());
  return grid;
}

TEST(GroundGrid, IsTheMeanOfEachCellAndItsUncertainty) {
  const GroundGrid grid = grid_of(
      {ground(0.5, 3.2, 1), ground(0.6, 3.3, 2), ground(0.7, 3.9, 6), ground(2.5, 0.5, -4)});
  EXPECT_EQ(4, grid.lattice().columns);
  EXPECT_EQ(4, grid.lattice().rows);
  EXPECT_FLOAT_EQ(3.0F, at(grid, 0, 0).elevation);
  // The sample's standard deviation is the root of 7, of three points.
  EXPECT_FLOAT_EQ(static_cast<float>(std::sqrt(7.0 / 3.0)), at(grid, 0, 0).uncertainty);
  EXPECT_FLOAT_EQ(-4.0F, at(grid, 2, 3).elevation);
  EXPECT_TRUE(std::isnan(at(grid, 2, 3).uncertainty)) << "one point says nothing of its error";
  EXPECT_TRUE(std::isnan(at(grid, 1, 1).elevation));
}

TEST(GroundGrid, TakesGroundAndBathymetricBottomOnly) {
  LidarPoint withheld = ground(0.5, 0.5, 100);
  withheld.withheld = true;
  std::vector<LidarPoint> points = {ground(0.5, 0.5, 1), ground(0.5, 0.5, 3, 40), withheld};
  for (const int other : {0, 1, 3, 6, 7, 9, 12, 18, 41, 45, 255})
    points.push_back(ground(0.5, 0.5, 1000, other));
  EXPECT_FLOAT_EQ(2.0F, at(grid_of(points), 0, 3).elevation);
}

TEST(GroundGrid, DoesNotDependOnTheOrderOfPoints) {
  std::vector<LidarPoint> points;
  std::uint32_t state = 1;
  const auto random = [&] {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state >> 8) / (1 << 24);
  };
  for (int i = 0; i < 20000; ++i)
    points.push_back(ground(3.5 * random(), 3.5 * random(), 2000 + 50 * random()));
  const GroundGrid forward = grid_of(points);
  std::reverse(points.begin(), points.end());
  const GroundGrid backward = grid_of(points);
  std::sort(points.begin(), points.end(),
            [](const LidarPoint& a, const LidarPoint& b) { return a.z < b.z; });
  const GroundGrid upward = grid_of(points);
  for (int row = 0; row < 4; ++row)
    for (int column = 0; column < 4; ++column)
      for (const GroundGrid* other : {&backward, &upward}) {
        EXPECT_EQ(at(forward, column, row).elevation, at(*other, column, row).elevation);
        EXPECT_EQ(at(forward, column, row).uncertainty, at(*other, column, row).uncertainty);
      }
  EXPECT_NEAR(2025.0, at(forward, 1, 1).elevation, 2.0);
  EXPECT_NEAR(50 / std::sqrt(12.0) / std::sqrt(20000.0 / 12.25), at(forward, 1, 1).uncertainty,
              0.05);
}

TEST(GroundGrid, APointOnAnEdgeHasOneCellHoweverItIsScaled) {
  const double b = 515370.0, a = std::nextafter(b, 0.0);
  const CrsBox box{515365, 0, 515375, 1};
  for (const double x : {a, b})
    EXPECT_FLOAT_EQ(7.0F, at(grid_of({ground(x, 0.5, 7)}, box), 5, 1).elevation);
}

TEST(GroundGrid, IsAnchoredToMultiplesOfTheCell) {
  const GroundLattice lattice = ground_lattice("a", {-5.5, 8.0, 3.9, 11.9}, 4.0);
  EXPECT_EQ(-2, lattice.west);
  EXPECT_EQ(3, lattice.north);
  EXPECT_EQ(3, lattice.columns);
  EXPECT_EQ(1, lattice.rows);
}

TEST(GroundGrid, FeetBecomeMetres) {
  EXPECT_FLOAT_EQ(30.48F, at(grid_of({ground(0, 0, 100)}, {0, 0, 1, 1}, 0.3048), 0, 1).elevation);
}

TEST(GroundGrid, PointsOutsideAreANeighboursOrDamage) {
  const std::vector<LidarPoint> points = {ground(0.5, 0.5, 1), ground(-0.1, 0.5, 9),
                                          ground(0.5, 4.0, 9)};
  EXPECT_FLOAT_EQ(1.0F, at(grid_of(points, {0, 0, 3.5, 3.5}, 1.0, false), 0, 3).elevation);
  EXPECT_EQ("'cloud': has points outside the bounds it states: it is damaged",
            refusal(ErrorCode::kUnreadable, [&] { grid_of(points); }));
}

TEST(GroundGrid, ImpossibleHeightsAndSizesAreRefused) {
  EXPECT_EQ(
      "'cloud': has a ground point 90000.000000 m high, which none on Earth is: it is damaged",
      refusal(ErrorCode::kUnreadable, [] { grid_of({ground(0.5, 0.5, 90000)}); }));
  EXPECT_EQ(
      "'cloud': its bounds need more than 100000 cells a side: they are wrong, or the pixels "
      "wanted are too small for it",
      refusal(ErrorCode::kUnsupported, [] {
        ground_lattice("cloud", {0, 0, 100000, 10}, 1.0);
      }));
  // Wide bounds cost nothing, points that are really everywhere do.
  std::vector<LidarPoint> scattered;
  for (int i = 0; i < 300; ++i)
    scattered.push_back(ground(i * 256 + 0.5, 0.5, 1));
  EXPECT_EQ("'cloud': needs more than 16 million cells: ask for larger pixels",
            refusal(ErrorCode::kUnsupported, [&] {
              grid_of(scattered, {0, 0, 99000, 99000});
            }));
}

TEST(GroundCell, IsAPowerOfTwoThatIsNotCoarserThanThePixel) {
  EXPECT_EQ(1.0, nominal_cell(0.3, 0));
  EXPECT_EQ(1.0, nominal_cell(1.9, 0));
  EXPECT_EQ(4.0, nominal_cell(4.0, 0));
  EXPECT_EQ(16.0, nominal_cell(31.9, 0));
  EXPECT_EQ(4.0, nominal_cell(1.0, 2.5)) << "never finer than the points";
  CloudFacts facts;
  facts.crs = lidar_crs("a", "EPSG:3857", nullptr);
  const CrsBox new_york{-8140000, 4980000, -8139000, 4981000};
  EXPECT_EQ(4.0, ground_cell(facts, new_york, 4.0)) << "3 m on the ground";
  EXPECT_EQ(1.0, ground_cell(facts, new_york, 1.0));
  facts.spacing = 5.0;
  EXPECT_EQ(8.0, ground_cell(facts, new_york, 1.0));
  facts.crs = lidar_crs("a", "EPSG:2263", nullptr);
  facts.spacing = 0.0;
  EXPECT_EQ(2.0, ground_cell(facts, {980000, 190000, 990000, 200000}, 1.0)) << "feet";
}

}  // namespace
}  // namespace topobathy
