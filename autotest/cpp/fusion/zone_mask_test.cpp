#include "fusion/operators/zone_mask.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "drawing.h"

namespace topobathy {
namespace {

using testing_support::Drawing;
using testing_support::picture_of_valid;
using Cover = ZoneMask::Cover;

/// One CRS unit a pixel, anchored at (0, 0): y runs up, rows run down.
Lattice unit_lattice() {
  CrsTraits traits;
  traits.kind = CrsTraits::Kind::kProjected;
  return Lattice::from_resolution("EPSG:26919", traits, 1.0);
}

Drawing masked(const ZoneMask& zone, const LatticeWindow& window) {
  Plane<float> plane(window.width, window.height, 1.0f);
  zone.apply(unit_lattice(), window, plane);
  return picture_of_valid(plane);
}

const LatticeWindow kWindow{0, 0, 6, 5};

TEST(ZoneMask, KeepsPixelsWhoseCentreIsInside) {
  const ZoneMask zone({{{1.4, -0.6}, {4.6, -0.6}, {4.6, -3.4}, {1.4, -3.4}}});
  EXPECT_EQ(masked(zone, kWindow), Drawing({"......", ".xxxx.", ".xxxx.", "......", "......"}));
}

TEST(ZoneMask, CentresOnAnEdgeBelongToTheLeftAndLowerEdgeOnly) {
  const ZoneMask zone({{{1.5, -1.5}, {4.5, -1.5}, {4.5, -3.5}, {1.5, -3.5}}});
  EXPECT_EQ(masked(zone, kWindow), Drawing({"......", "......", ".xxx..", ".xxx..", "......"}));
}

TEST(ZoneMask, SlantedEdgesAndHoles) {
  const ZoneMask triangle({{{0.0, 0.0}, {5.0, 0.0}, {0.0, -5.0}}});
  EXPECT_EQ(masked(triangle, kWindow), Drawing({"xxxx..", "xxx...", "xx....", "x.....", "......"}));
  const ZoneMask ring({{{0, 0}, {6, 0}, {6, -5}, {0, -5}}, {{2, -1}, {2, -4}, {4, -4}, {4, -1}}});
  EXPECT_EQ(masked(ring, kWindow), Drawing({"xxxxxx", "xx..xx", "xx..xx", "xx..xx", "xxxxxx"}));
}

TEST(ZoneMask, ARepeatedFirstPointDoesNoHarm) {
  const ZoneMask open({{{1, -1}, {4, -1}, {4, -3}}});
  const ZoneMask closed({{{1, -1}, {4, -1}, {4, -3}, {1, -1}}});
  EXPECT_EQ(masked(open, kWindow), masked(closed, kWindow));
}

TEST(ZoneMask, ClassifiesWindows) {
  const Lattice lattice = unit_lattice();
  const ZoneMask zone({{{10, -10}, {90, -10}, {90, -90}, {10, -90}}});
  EXPECT_EQ(zone.classify(lattice, {20, 20, 30, 30}), Cover::kInside);
  EXPECT_EQ(zone.classify(lattice, {0, 0, 5, 5}), Cover::kOutside);
  EXPECT_EQ(zone.classify(lattice, {95, 20, 5, 5}), Cover::kOutside);
  EXPECT_EQ(zone.classify(lattice, {0, 20, 5, 5}), Cover::kOutside);
  EXPECT_EQ(zone.classify(lattice, {5, 20, 10, 5}), Cover::kCrossing);
  EXPECT_EQ(zone.classify(lattice, {0, 0, 200, 200}), Cover::kCrossing);
  EXPECT_EQ(zone.classify(lattice, {0, 0, 0, 0}), Cover::kOutside);
  EXPECT_EQ(ZoneMask({}).classify(lattice, {0, 0, 5, 5}), Cover::kOutside);
}

std::vector<std::vector<int>> inside_counts(const std::vector<ZoneMask>& zones,
                                            const LatticeWindow& window) {
  std::vector<std::vector<int>> counts(static_cast<std::size_t>(window.height),
                                       std::vector<int>(static_cast<std::size_t>(window.width)));
  for (const ZoneMask& zone : zones) {
    Plane<float> plane(window.width, window.height, 1.0f);
    zone.apply(unit_lattice(), window, plane);
    for (std::int64_t r = 0; r < window.height; ++r)
      for (std::int64_t c = 0; c < window.width; ++c)
        counts[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)] +=
            std::isnan(plane.at(c, r)) ? 0 : 1;
  }
  return counts;
}

/// A fan of triangles around one point fills a square: each pixel lies in exactly one, also those
/// on shared edges.
TEST(ZoneMask, ZonesThatShareEdgesNeitherOverlapNorLeaveAGap) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    // Half pixels put many vertices, and so edges, on pixel centres.
    const auto coordinate = [&](int size) {
      return 0.5 * static_cast<double>(random() % static_cast<unsigned>(2 * size + 1));
    };
    const CrsPoint middle{coordinate(30), -coordinate(20)};
    std::vector<CrsPoint> border = {
        {0, 0},    {coordinate(30), 0},   {30, 0},  {30, -coordinate(20)},
        {30, -20}, {coordinate(30), -20}, {0, -20}, {0, -coordinate(20)}};
    std::vector<ZoneMask> fan;
    for (std::size_t i = 0; i < border.size(); ++i) {
      const CrsPoint next = border[(i + 1) % border.size()];
      if (i % 2 == 0)
        fan.emplace_back(std::vector<ZoneMask::Ring>{{middle, border[i], next}});
      else
        fan.emplace_back(std::vector<ZoneMask::Ring>{{next, border[i], middle}});
    }
    for (const auto& row : inside_counts(fan, {0, 0, 30, 20}))
      for (const int count : row)
        ASSERT_EQ(count, 1) << "round " << round;
  }
}

/// The upper edge of a box may pass through a window that no other edge comes near.
TEST(ZoneMask, SeesAHorizontalEdgeInsideAWindow) {
  const Lattice lattice = unit_lattice();
  const ZoneMask box({{{-100, -50}, {100, -50}, {100, -10}, {-100, -10}}});
  EXPECT_EQ(box.classify(lattice, {0, 5, 10, 10}), Cover::kCrossing);
  EXPECT_EQ(box.classify(lattice, {0, 45, 10, 10}), Cover::kCrossing);
  EXPECT_EQ(box.classify(lattice, {0, 20, 10, 10}), Cover::kInside);
}

/// Law 1, and a classification that may be trusted.
TEST(ZoneMask, AnyWindowGivesTheSamePixelsAndAnHonestCover) {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> spread(-40.0, 40.0);
  const LatticeWindow all{-40, -40, 80, 80};
  const Lattice lattice = unit_lattice();
  int certain = 0;
  for (int round = 0; round < 100; ++round) {
    ZoneMask::Ring ring;
    for (int i = 0; i < 7; ++i)
      ring.push_back({spread(random), spread(random)});
    const ZoneMask zone({ring});
    Plane<float> whole(all.width, all.height, 1.0f);
    zone.apply(lattice, all, whole);
    for (int part = 0; part < 30; ++part) {
      const LatticeWindow window{static_cast<std::int64_t>(random() % 60) - 40,
                                 static_cast<std::int64_t>(random() % 60) - 40,
                                 static_cast<std::int64_t>(1 + random() % 20),
                                 static_cast<std::int64_t>(1 + random() % 20)};
      Plane<float> plane(window.width, window.height, 1.0f);
      zone.apply(lattice, window, plane);
      std::int64_t inside = 0;
      for (std::int64_t r = 0; r < window.height; ++r)
        for (std::int64_t c = 0; c < window.width; ++c) {
          const bool is_in = !std::isnan(plane.at(c, r));
          ASSERT_EQ(is_in,
                    !std::isnan(whole.at(window.col + c - all.col, window.row + r - all.row)));
          inside += is_in ? 1 : 0;
        }
      const Cover cover = zone.classify(lattice, window);
      if (cover == Cover::kInside) {
        ASSERT_EQ(inside, window.area());
      } else if (cover == Cover::kOutside) {
        ASSERT_EQ(inside, 0);
      }
      certain += cover != Cover::kCrossing;
    }
  }
  EXPECT_GT(certain, 300);
}

}  // namespace
}  // namespace topobathy
