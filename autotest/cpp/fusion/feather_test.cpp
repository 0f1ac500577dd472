#include "fusion/operators/feather.h"

#include <gtest/gtest.h>
#include <proj.h>

#include <cmath>
#include <cstring>
#include <random>

#include "drawing.h"

namespace topobathy {
namespace {

using testing_support::draw;

CrsTraits traits_of(CrsTraits::Kind kind) {
  CrsTraits traits;
  traits.kind = kind;
  return traits;
}
Lattice degrees(double resolution) {
  return Lattice::from_resolution("EPSG:4326", CrsTraits{}, resolution);
}
Lattice mercator(double resolution) {
  return Lattice::from_resolution("EPSG:3857", traits_of(CrsTraits::Kind::kMercator), resolution);
}
Lattice projected(double resolution) {
  return Lattice::from_resolution("EPSG:26919", traits_of(CrsTraits::Kind::kProjected), resolution);
}

std::int64_t row_at(const Lattice& lattice, double latitude) {
  const double y = lattice.traits().kind == CrsTraits::Kind::kMercator
                       ? 6378137.0 * std::asinh(std::tan(latitude * std::acos(-1.0) / 180))
                       : latitude;
  return static_cast<std::int64_t>(std::floor(-y / lattice.pixel_size()));
}

/// The definition, pixel by pixel.
float brute_force(const Lattice& lattice, const LatticeWindow& window,
                  const Plane<float>& elevation, std::int64_t col, std::int64_t row, double reach) {
  const GroundPixel ground = lattice.ground_pixel(row);
  double nearest = reach;
  for (std::int64_t r = window.row; r < window.bottom(); ++r)
    for (std::int64_t c = window.col; c < window.right(); ++c)
      if (std::isnan(elevation.at(c - window.col, r - window.row)))
        nearest = std::min(nearest, std::hypot(static_cast<double>(c - col) * ground.width,
                                               static_cast<double>(r - row) * ground.height));
  return static_cast<float>(nearest);
}

/// A layer over the whole plane, so that a window can be cut anywhere.
struct Field {
  LatticeWindow all;
  Plane<float> elevation;

  Field(const LatticeWindow& window, unsigned seed, double holes) : all(window) {
    std::mt19937 random(seed);
    elevation = Plane<float>(all.width, all.height, 1.0F);
    const auto count = static_cast<int>(holes * static_cast<double>(all.area()));
    std::uniform_int_distribution<std::int64_t> col(0, all.width - 1), row(0, all.height - 1);
    for (int k = 0; k < count; ++k)
      elevation.at(col(random), row(random)) = kNoValue;
  }
  Plane<float> cut(const LatticeWindow& part) const {
    Plane<float> plane(part.width, part.height, kNoValue);
    for (std::int64_t r = 0; r < part.height; ++r)
      for (std::int64_t c = 0; c < part.width; ++c)
        if (all.contains(part.col + c, part.row + r))
          plane.at(c, r) = elevation.at(part.col + c - all.col, part.row + r - all.row);
    return plane;
  }
  Plane<float> distances(const Lattice& lattice, const LatticeWindow& core, double reach) const {
    const Halo halo = feather_halo(lattice, core, reach);
    const LatticeWindow window = core.grow(halo.columns, halo.rows);
    Plane<float> distance;
    feather_distance(lattice, window, cut(window), core, BlockMask(core, true), reach, distance);
    return distance;
  }
};

struct FeatherCase {
  const char* name;
  Lattice lattice;
  double latitude;
  double reach;  ///< pixels of the resolution
};
void PrintTo(const FeatherCase& one, std::ostream* out) {
  *out << one.name;
}

class FeatherDistance : public ::testing::TestWithParam<FeatherCase> {
 protected:
  const Lattice& lattice() const { return GetParam().lattice; }
  LatticeWindow area(std::int64_t width, std::int64_t height) const {
    return {-70 * 3600, row_at(lattice(), GetParam().latitude), width, height};
  }
  double reach() const { return GetParam().reach; }
};

TEST_P(FeatherDistance, IsThatOfTheNearestInvalidPixel) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    const Field field(area(70, 60), seed, seed % 2 ? 0.002 : 0.03);
    const LatticeWindow core{field.all.col + 12, field.all.row + 9, 40, 35};
    const Halo halo = feather_halo(lattice(), core, reach());
    const LatticeWindow window = core.grow(halo.columns, halo.rows);
    const Plane<float> values = field.cut(window);
    const Plane<float> distance = field.distances(lattice(), core, reach());
    for (std::int64_t k = 0; k < 60; ++k) {
      const std::int64_t c = core.col + (k * 17) % core.width,
                         r = core.row + (k * 23) % core.height;
      if (std::isnan(values.at(c - window.col, r - window.row))) continue;
      const float expected = brute_force(lattice(), window, values, c, r, reach());
      EXPECT_NEAR(distance.at(c - core.col, r - core.row), expected, 4e-7F * expected)
          << "seed " << seed << ", column " << c << ", row " << r;
    }
  }
}

TEST_P(FeatherDistance, IsTheSameInEveryWindow) {
  std::mt19937 random(7);
  for (unsigned seed = 0; seed < 8; ++seed) {
    const Field field(area(160, 120), 100 + seed, seed % 2 ? 0.0005 : 0.004);
    const Plane<float> whole = field.distances(lattice(), field.all, reach());
    const auto pick = [&](std::int64_t limit) {
      return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random);
    };
    for (int k = 0; k < 24; ++k) {
      const std::int64_t c = pick(field.all.width), r = pick(field.all.height);
      const LatticeWindow core = LatticeWindow{field.all.col + c, field.all.row + r,
                                               k % 3 ? 1 : 1 + pick(50), k % 3 ? 1 : 1 + pick(50)}
                                     .intersect(field.all);
      const Plane<float> part = field.distances(lattice(), core, reach());
      for (std::int64_t y = 0; y < core.height; ++y)
        for (std::int64_t x = 0; x < core.width; ++x) {
          if (std::isnan(field.elevation.at(c + x, r + y))) continue;
          ASSERT_EQ(part.at(x, y), whole.at(c + x, r + y))
              << "seed " << seed << ", column " << c + x << ", row " << r + y << " of window "
              << core.width << " x " << core.height;
        }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Feather, FeatherDistance,
                         ::testing::Values(FeatherCase{"ScanAtTheEquator", degrees(30), 0.0, 240},
                                           FeatherCase{"ScanAt43N", degrees(30), 43, 600},
                                           FeatherCase{"EnvelopeAt43N", degrees(10), 43, 900},
                                           FeatherCase{"EnvelopeAt70S", degrees(10), -70, 500},
                                           FeatherCase{"ScanInMercator", mercator(10), 60, 150},
                                           FeatherCase{"EnvelopeInMercator", mercator(10), 60, 700},
                                           FeatherCase{"ScanProjected", projected(10), 40, 300},
                                           FeatherCase{"EnvelopeProjected", projected(0.7), 40, 70},
                                           FeatherCase{"EnvelopeOfWholeMetres", projected(1), 40,
                                                       90}),
                         [](const auto& row) { return std::string(row.param.name); });

/// 65^2 is a sum of two squares in many ways: invalid pixels all round a centre at the same
/// distance, which every window must round alike.
TEST(Feather, EqualDistancesRoundAlikeInEveryWindow) {
  constexpr std::int64_t kRadius = 65;
  for (const double pixel : {0.7, 1.1, 3.3, 0.9144}) {
    const Lattice lattice = projected(pixel);
    Field field({-150, 340, 4 * kRadius, 4 * kRadius}, 1, 0.1);
    const std::int64_t centre = 2 * kRadius;
    for (std::int64_t r = -kRadius; r <= kRadius; ++r)
      for (std::int64_t c = -kRadius; c <= kRadius; ++c)
        if (r * r + c * c <= kRadius * kRadius)
          field.elevation.at(centre + c, centre + r) =
              r * r + c * c == kRadius * kRadius ? kNoValue : 1.0F;
    const double reach = 66 * pixel;
    const Plane<float> whole = field.distances(lattice, field.all, reach);
    for (std::int64_t r = -12; r <= 12; ++r) {
      for (std::int64_t c = -12; c <= 12; ++c) {
        const LatticeWindow core{field.all.col + centre + c, field.all.row + centre + r, 1, 1};
        ASSERT_EQ(field.distances(lattice, core, reach).at(0, 0), whole.at(centre + c, centre + r))
            << pixel << ": " << c << ", " << r;
      }
    }
  }
}

/// Ground metres by PROJ's geodesic.
double geodesic(double lon, double lat, double lon2, double lat2) {
  PJ* const ellipsoid = proj_create(PJ_DEFAULT_CTX, "+proj=longlat +ellps=WGS84");
  const double radians = std::acos(-1.0) / 180;
  const double metres = proj_lp_dist(ellipsoid, proj_coord(lon * radians, lat * radians, 0, 0),
                                     proj_coord(lon2 * radians, lat2 * radians, 0, 0));
  proj_destroy(ellipsoid);
  return metres;
}

TEST(Feather, MetresAreGroundMetresInDegreesAndInMercator) {
  const double radians = std::acos(-1.0) / 180;
  for (const Lattice& lattice : {degrees(10), mercator(10)}) {
    const bool is_mercator = lattice.traits().kind == CrsTraits::Kind::kMercator;
    const auto lon = [&](double x) { return is_mercator ? x / 6378137.0 / radians : x; };
    const auto lat = [&](double y) {
      return is_mercator ? std::atan(std::sinh(y / 6378137.0)) / radians : y;
    };
    for (const double latitude : {41.0, 60.0}) {
      const std::int64_t row = row_at(lattice, latitude), col = 1000;
      for (const auto& [dc, dr] :
           {std::pair<std::int64_t, std::int64_t>{40, 0}, {0, 40}, {30, -25}}) {
        const LatticeWindow core{col, row, 1, 1};
        const double reach = 1500;
        const Halo halo = feather_halo(lattice, core, reach);
        const LatticeWindow window = core.grow(halo.columns, halo.rows);
        Plane<float> layer(window.width, window.height, 5.0F), distance;
        layer.at(col + dc - window.col, row + dr - window.row) = kNoValue;
        feather_distance(lattice, window, layer, core, BlockMask(core, true), reach, distance);
        const double expected =
            geodesic(lon(lattice.centre_x(col)), lat(lattice.centre_y(row)),
                     lon(lattice.centre_x(col + dc)), lat(lattice.centre_y(row + dr)));
        EXPECT_NEAR(distance.at(0, 0), expected, 0.005 * expected)
            << latitude << ' ' << lattice.crs() << ' ' << dc << ' ' << dr;
      }
    }
  }
}

TEST(Feather, AFullCoverHasNoEdgeAnywhere) {
  for (const double reach : {50.0, 5000.0}) {
    const Lattice lattice = projected(10);
    const LatticeWindow core{-20, 30, 40, 40};
    const Halo halo = feather_halo(lattice, core, reach);
    const LatticeWindow window = core.grow(halo.columns, halo.rows);
    const Plane<float> layer(window.width, window.height, 5.0F);
    Plane<float> distance;
    feather_distance(lattice, window, layer, core, BlockMask(core, true), reach, distance);
    for (std::size_t p = 0; p < distance.size(); ++p)
      ASSERT_EQ(distance.data()[p], static_cast<float>(reach));
  }
}

TEST(Feather, AWindowAcrossTheEquatorSeesAsFarAsOneOfItsRows) {
  // The meridian is most curved at the equator: its rows are the lowest, and need the most of them.
  const Lattice lattice = degrees(2);
  const std::int64_t rows = 1400000;  // 25 degrees
  const double reach = 2000 * lattice.ground_pixel(0).height;
  EXPECT_GE(feather_halo(lattice, {0, -rows, 1, 2 * rows}, reach).rows,
            feather_halo(lattice, {0, 0, 1, 1}, reach).rows);
}

TEST(Feather, ReachesNoFurtherThanItsLimitBesideAPole) {
  const Lattice lattice = degrees(30);
  const std::int64_t row = row_at(lattice, 89.9999);
  const Halo halo = feather_halo(lattice, {0, row, 10, 10}, 500);
  EXPECT_EQ(halo.columns, kMaxReachPixels);
  EXPECT_LT(halo.rows, 20);
}

TEST(Feather, NoReachNeedsNoHalo) {
  const Halo halo = feather_halo(projected(10), {0, 0, 10, 10}, 0.0);
  EXPECT_EQ(halo.columns, 0);
  EXPECT_EQ(halo.rows, 0);
}

}  // namespace
}  // namespace topobathy
