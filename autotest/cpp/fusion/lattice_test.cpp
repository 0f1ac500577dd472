#include "fusion/lattice.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refusal.h"

namespace topobathy {
namespace {

constexpr double kPi = 3.14159265358979323846;

Lattice degrees(double resolution) {
  return Lattice::from_resolution("EPSG:4326", CrsTraits{}, resolution);
}

CrsTraits mercator_traits() {
  CrsTraits traits;
  traits.kind = CrsTraits::Kind::kMercator;
  return traits;
}

struct CellRow {
  double resolution;
  int pixels;
  double edge;  ///< degrees
};
class GeographicCells : public ::testing::TestWithParam<CellRow> {};

/// N = round(0.05 * 2^k * 111320 / resolution), the first k of 0, 1, -1, 2, -2, ... with 64..1024.
TEST_P(GeographicCells, HaveTheSizeOfTheDesign) {
  const CellRow& row = GetParam();
  const Lattice lattice = degrees(row.resolution);
  EXPECT_EQ(lattice.cell_size(), row.pixels);
  EXPECT_EQ(lattice.pixel_size(), row.edge / row.pixels);
}
INSTANTIATE_TEST_SUITE_P(Lattice, GeographicCells,
                         ::testing::Values(CellRow{30, 186, 0.05}, CellRow{11.132, 500, 0.05},
                                           CellRow{10, 557, 0.05}, CellRow{5.5, 1012, 0.05},
                                           CellRow{86, 65, 0.05}, CellRow{0.5, 696, 0.003125},
                                           CellRow{3, 928, 0.025}, CellRow{100, 111, 0.1},
                                           CellRow{1000, 89, 0.8}, CellRow{50000, 114, 51.2}),
                         [](const auto& row) {
                           return "Resolution" + std::to_string(static_cast<int>(
                                                     std::lround(row.param.resolution * 10)));
                         });

TEST(Lattice, EveryResolutionGetsACellBetween64And1024Pixels) {
  for (double resolution = 0.01; resolution < 80000; resolution *= 1.0137) {
    const Lattice lattice = degrees(resolution);
    EXPECT_GE(lattice.cell_size(), 64) << resolution;
    EXPECT_LE(lattice.cell_size(), 1024) << resolution;
    // Rounding N moves the pixel by at most half a pixel in 64.
    EXPECT_NEAR(lattice.pixel_size() * 111320.0, resolution, resolution / 127) << resolution;
  }
}

TEST(Lattice, RefusesResolutionsThatNoCellFits) {
  using testing_support::refusal;
  EXPECT_EQ(refusal(ErrorCode::kUsage, [] { degrees(0.0); }),
            "resolution must be a positive number of metres");
  EXPECT_EQ(refusal(ErrorCode::kUsage, [] { degrees(std::nan("")); }),
            "resolution must be a positive number of metres");
  EXPECT_NE(refusal(ErrorCode::kUsage, [] { degrees(2e5); }).find("out of range"),
            std::string::npos);
}

TEST(Lattice, AProjectedPixelIsTheResolutionInTheUnitOfTheCrs) {
  CrsTraits feet;
  feet.kind = CrsTraits::Kind::kProjected;
  feet.unit = 0.3048;
  const Lattice lattice = Lattice::from_resolution("EPSG:2222", feet, 3.048);
  EXPECT_DOUBLE_EQ(lattice.pixel_size(), 10.0);
  EXPECT_EQ(lattice.cell_size(), 512);
  EXPECT_DOUBLE_EQ(lattice.ground_pixel(-1000).width, 3.048);
}

TEST(Lattice, XyzTilesAreExactWindowsOfAZoomLattice) {
  const Lattice lattice = Lattice::from_zoom("EPSG:3857", mercator_traits(), 13);
  // Tile 13/2418/3075; the world's upper left corner is tile (0, 0), the lattice counts from its
  // centre.
  const std::int64_t col = (2418 - 4096) * 256, row = (3075 - 4096) * 256;
  const double world = 2.0 * kPi * 6378137.0, tile = world / 8192;
  EXPECT_DOUBLE_EQ(lattice.x(col), -world / 2 + 2418 * tile);
  EXPECT_DOUBLE_EQ(lattice.y(row), world / 2 - 3075 * tile);
  // The tile's left edge is 360 * 2418 / 8192 - 180 degrees of longitude, which are a radius times
  // radians on the map.
  EXPECT_NEAR(lattice.x(col), -73.740234375 * kPi / 180 * 6378137.0, 1e-6);
  EXPECT_EQ(
      lattice.window_of(lattice.x(col), lattice.y(row + 256), lattice.x(col + 256), lattice.y(row)),
      (LatticeWindow{col, row, 256, 256}));
}

TEST(Lattice, ZoomNeedsWebMercator) {
  using testing_support::refusal;
  EXPECT_NE(refusal(ErrorCode::kUsage, [] { Lattice::from_zoom("EPSG:4326", CrsTraits{}, 5); })
                .find("EPSG:3857"),
            std::string::npos);
  refusal(ErrorCode::kUsage, [] { Lattice::from_zoom("EPSG:3857", mercator_traits(), 31); });
}

TEST(Lattice, AWindowTakesAnEdgeWithinAMillionthOfAPixelAsOnTheLattice) {
  const Lattice lattice = degrees(30);
  const double p = lattice.pixel_size();
  const auto window = [&](double left, double bottom, double right, double top) {
    return lattice.window_of(left * p, bottom * p, right * p, top * p);
  };
  const LatticeWindow exact{-5, -20, 8, 10};
  EXPECT_EQ(window(-5, 10, 3, 20), exact);
  EXPECT_EQ(window(-5 - 9e-7, 10 - 9e-7, 3 + 9e-7, 20 + 9e-7), exact);
  EXPECT_EQ(window(-5 + 9e-7, 10 + 9e-7, 3 - 9e-7, 20 - 9e-7), exact);
  EXPECT_EQ(window(-5 - 1e-5, 10 - 1e-5, 3 + 1e-5, 20 + 1e-5), (LatticeWindow{-6, -21, 10, 12}));
}

TEST(Lattice, APixelLiesInTheCellOfItsIndexAlsoWestAndSouthOfTheOrigin) {
  const Lattice lattice = degrees(30);
  EXPECT_EQ(lattice.cell_of(0, 0), (CellIndex{0, 0}));
  EXPECT_EQ(lattice.cell_of(-1, -1), (CellIndex{-1, -1}));
  EXPECT_EQ(lattice.cell_of(-186, 185), (CellIndex{-1, 0}));
  EXPECT_EQ(lattice.cell_of(-187, 186), (CellIndex{-2, 1}));
  EXPECT_EQ(lattice.cell_window({-2, 1}), (LatticeWindow{-372, 186, 186, 186}));
  EXPECT_EQ(lattice.x(lattice.cell_window({-1416, 0}).col), -70.8);
}

TEST(Lattice, ALevelDoublesThePixelAndKeepsTheCellInPixels) {
  const Lattice base = degrees(30);
  const Lattice coarse = base.at_level(3);
  EXPECT_EQ(coarse.pixel_size(), 8 * base.pixel_size());
  EXPECT_EQ(coarse.cell_size(), base.cell_size());
  EXPECT_EQ(coarse.level(), 3);
  EXPECT_EQ(coarse.at_level(1), base.at_level(1)) << "levels count from the base";
  EXPECT_EQ(coarse.x(-7), base.x(-56));
}

TEST(Lattice, TheCoarsestLevelBringsTheLongerSideTo256) {
  EXPECT_EQ(coarsest_level(256, 100), 0);
  EXPECT_EQ(coarsest_level(257, 100), 1);
  EXPECT_EQ(coarsest_level(512, 512), 1);
  EXPECT_EQ(coarsest_level(100000, 80000), 9);
  EXPECT_EQ(coarsest_level(100000, 1), 0) << "a sliver is not shrunk below one pixel";
}

TEST(Lattice, SnappingGrowsToWholePixelsOfTheLevel) {
  EXPECT_EQ(snap_outward({-5, 3, 8, 10}, 0), (LatticeWindow{-5, 3, 8, 10}));
  EXPECT_EQ(snap_outward({-5, 3, 8, 10}, 2), (LatticeWindow{-8, 0, 12, 16}));
  EXPECT_EQ(snap_outward({-8, 0, 12, 16}, 2), (LatticeWindow{-8, 0, 12, 16}));
}

/// Length of a degree at a latitude: the series of the US Geodetic Survey for WGS84 (metres, good
/// to centimetres).
double degree_of_latitude(double lat) {
  const double r = lat * kPi / 180;
  return 111132.92 - 559.82 * std::cos(2 * r) + 1.175 * std::cos(4 * r) - 0.0023 * std::cos(6 * r);
}
double degree_of_longitude(double lat) {
  const double r = lat * kPi / 180;
  return 111412.84 * std::cos(r) - 93.5 * std::cos(3 * r) + 0.118 * std::cos(5 * r);
}

TEST(Lattice, GroundPixelsAreThoseOfTheEllipsoidInDegreesAndInMercator) {
  const Lattice geographic = degrees(30);
  const Lattice mercator = Lattice::from_resolution("EPSG:3857", mercator_traits(), 30);
  for (const double lat : {-75.0, -33.0, 0.2, 41.0, 60.0}) {
    const auto row = static_cast<std::int64_t>(std::floor(-lat / geographic.pixel_size()));
    const double centre = geographic.centre_y(row);
    const GroundPixel pixel = geographic.ground_pixel(row);
    EXPECT_NEAR(pixel.width / geographic.pixel_size(), degree_of_longitude(centre), 1.0) << lat;
    EXPECT_NEAR(pixel.height / geographic.pixel_size(), degree_of_latitude(centre), 1.0) << lat;

    const double northing = 6378137.0 * std::asinh(std::tan(lat * kPi / 180));
    const auto line = static_cast<std::int64_t>(std::floor(-northing / 30));
    const double there = std::atan(std::sinh(mercator.centre_y(line) / 6378137.0)) * 180 / kPi;
    const GroundPixel square = mercator.ground_pixel(line);
    // 30 m of Mercator are 30 / (2 pi a / 360) degrees of longitude, and cos(lat) of that of
    // latitude.
    const double wide = 30.0 / (2 * kPi * 6378137.0 / 360);
    EXPECT_NEAR(square.width, wide * degree_of_longitude(there), 1e-3) << lat;
    EXPECT_NEAR(square.height, wide * std::cos(there * kPi / 180) * degree_of_latitude(there), 1e-3)
        << lat;
  }
}

TEST(Lattice, GroundPixelsAtAndBeyondThePolesAreFinite) {
  const Lattice lattice = degrees(30);
  const auto pole = static_cast<std::int64_t>(std::ceil(-90.0 / lattice.pixel_size()));
  for (const std::int64_t row : {pole - 1000, pole - 1, pole, pole + 1}) {
    const GroundPixel pixel = lattice.ground_pixel(row);
    EXPECT_GE(pixel.width, 0.0);
    EXPECT_GT(pixel.height, 30.0);
    EXPECT_LT(pixel.height, 31.0);
  }
}

}  // namespace
}  // namespace topobathy
