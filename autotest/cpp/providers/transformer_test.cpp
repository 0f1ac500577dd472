#include "providers/align/transformer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include "fusion/error.h"
#include "providers/align/crs.h"

namespace topobathy {
namespace {

struct Points {
  std::vector<double> x, y;
};

/// Points all over the box, some of them without an image or no numbers at all.
Points scattered(std::size_t n, const CrsBox& box) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> x(box.left, box.right), y(box.bottom, box.top);
  Points points;
  for (std::size_t i = 0; i < n; ++i) {
    points.x.push_back(x(random));
    points.y.push_back(y(random));
    if (i % 50 == 7) points.y.back() = 1e30;
    if (i % 50 == 8) points.x.back() = std::nan("");
    if (i % 50 == 9) points.x.back() = INFINITY;
  }
  return points;
}

Points transformed(const Transformer& transformer, Points points) {
  transformer.transform(points.x.size(), points.x.data(), points.y.data());
  return points;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

struct Pair {
  const char* source;
  const char* target;
  CrsBox box;
};
const Pair kPairs[] = {
    {"EPSG:4326", "EPSG:26919", {-180, -90, 180, 90}},
    {"EPSG:4267",
     "EPSG:4326",
     {-130, 20, -60, 60}},  // NAD27: seventeen candidates with areas of their own
    {"EPSG:3857", "EPSG:26919", {-9e6, 4e6, -7e6, 6e6}},
    {"EPSG:26919", "EPSG:4326", {2e5, 4e6, 8e5, 5e6}},
    {"EPSG:3413", "EPSG:4326", {-3e6, -3e6, 3e6, 3e6}},
};

/// Law 1: neither the batch nor its order changes a bit of any point.
TEST(Transformer, APointDoesNotKnowItsBatch) {
  for (const Pair& pair : kPairs) {
    SCOPED_TRACE(std::string(pair.source) + " to " + pair.target);
    const Transformer transformer(pair.source, pair.target);
    const Points source = scattered(500, pair.box);
    const Points whole = transformed(transformer, source);
    EXPECT_GT(
        std::count_if(whole.x.begin(), whole.x.end(), [](double v) { return std::isfinite(v); }),
        100);

    std::vector<std::size_t> order(source.x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), std::mt19937(4));
    Points shuffled;
    for (const std::size_t i : order) {
      shuffled.x.push_back(source.x[i]);
      shuffled.y.push_back(source.y[i]);
    }
    shuffled = transformed(transformer, shuffled);
    Points one_by_one = source;
    for (std::size_t i = 0; i < source.x.size(); ++i)
      transformer.transform(1, &one_by_one.x[i], &one_by_one.y[i]);
    Points put_back = whole;
    for (std::size_t i = 0; i < order.size(); ++i) {
      put_back.x[order[i]] = shuffled.x[i];
      put_back.y[order[i]] = shuffled.y[i];
    }
    EXPECT_TRUE(same_bits(put_back.x, whole.x) && same_bits(put_back.y, whole.y)) << "shuffled";
    EXPECT_TRUE(same_bits(one_by_one.x, whole.x) && same_bits(one_by_one.y, whole.y))
        << "one by one";
  }
}

TEST(Transformer, ManyThreadsGetTheSameBits) {
  const Pair& pair = kPairs[0];
  const Transformer transformer(pair.source, pair.target);
  const Points source = scattered(300, pair.box);
  const Points expected = transformed(transformer, source);
  std::vector<int> same(8, 0);
  std::vector<std::thread> threads;
  for (int& mine : same)
    threads.emplace_back([&] {
      bool good = true;
      for (int round = 0; round < 20; ++round) {
        const Points got = transformed(Transformer(pair.source, pair.target), source);
        good = good && same_bits(got.x, expected.x) && same_bits(got.y, expected.y);
      }
      mine = good ? 1 : 0;
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(same, std::vector<int>(8, 1));
}

TEST(Transformer, UsesLonLatOrderAndDegrees) {
  double x = -70.71, y = 43.07;  // Portsmouth Harbor
  Transformer("EPSG:4326", "EPSG:26919").transform(1, &x, &y);
  EXPECT_NEAR(x, 360756.9, 500.0);
  EXPECT_NEAR(y, 4769990.0, 500.0);
  Transformer("EPSG:26919", "EPSG:4326").transform(1, &x, &y);
  EXPECT_NEAR(x, -70.71, 1e-9);
  EXPECT_NEAR(y, 43.07, 1e-9);
}

TEST(Transformer, PointsWithoutAnImageAreNaN) {
  const Transformer transformer("EPSG:4326", "EPSG:3857");
  double x[] = {-70.0, 10.0, std::nan(""), -70.0};
  double y[] = {43.0, 100.0, 43.0, 43.0};
  transformer.transform(4, x, y);
  EXPECT_TRUE(std::isnan(x[1]) && std::isnan(y[1]));
  EXPECT_TRUE(std::isnan(x[2]) && std::isnan(y[2]));
  EXPECT_EQ(x[0], x[3]);
  EXPECT_EQ(y[0], y[3]);
}

TEST(Transformer, EqualCrsAndUnknownShiftsPassUnchanged) {
  EXPECT_TRUE(Transformer("EPSG:26919", crs_wkt("EPSG:26919", "EPSG:5703")).identity());
  EXPECT_TRUE(Transformer("EPSG:4326", "OGC:CRS84").identity());
  EXPECT_TRUE(Transformer("EPSG:4326", "EPSG:4269").identity());
  double x = 190.123456789, y = 43.0;
  Transformer("EPSG:4326", "EPSG:4269").transform(1, &x, &y);
  EXPECT_EQ(x, 190.123456789);
}

TEST(Transformer, SaysWhichOperationItIs) {
  const OperationInfo info = Transformer("EPSG:4326", "EPSG:26919").operation();
  EXPECT_EQ(info.name, "Inverse of NAD83 to WGS 84 (1) + UTM zone 19N");
  EXPECT_FALSE(info.ballpark);
  EXPECT_EQ(info.accuracy, 4.0);
  EXPECT_NE(info.definition.find("proj=utm zone=19"), std::string::npos);
}

TEST(Transformer, TheAreaChoosesTheOperation) {
  // NAD27 to WGS 84 by three-parameter shifts; no grid of NADCON is installed with PROJ alone.
  const auto shifted = [](const LonLatBox& area) {
    double x = -90.0, y = 40.0;
    Transformer("EPSG:4267", "EPSG:4326", area).transform(1, &x, &y);
    return x;
  };
  EXPECT_NE(shifted({-75.0, 40.0, -70.0, 43.0}), shifted({-160.0, 60.0, -150.0, 65.0}));
  EXPECT_EQ(shifted({-74.9, 40.1, -70.2, 42.5}), shifted({-75.0, 40.0, -70.0, 43.0}));
}

TEST(Transformer, RefusesUnknownCrs) {
  EXPECT_THROW(Transformer("EPSG:4326", "EPSG:99999"), Error);
  EXPECT_THROW(Transformer("EPSG:5703", "EPSG:4326"), Error);
}

void expect_box(const std::optional<CrsBox>& box, const CrsBox& expected, double tolerance) {
  ASSERT_TRUE(box);
  EXPECT_NEAR(box->left, expected.left, tolerance);
  EXPECT_NEAR(box->bottom, expected.bottom, tolerance);
  EXPECT_NEAR(box->right, expected.right, tolerance);
  EXPECT_NEAR(box->top, expected.top, tolerance);
}

constexpr double kHalf = 20037508.342789244;  // pi * 6378137

TEST(TransformBox, UtmZonesAtTheAntimeridian) {
  // Zone 1 (180 W to 174 W) from beyond its west edge, zone 60 (174 E to 180 E) beyond its east
  // edge.
  const auto west =
      Transformer("EPSG:32601", "EPSG:4326").transform_box({166000, 6000000, 500000, 6100000});
  expect_box(west, {177.784672, 54.03979, 183.0, 55.046806}, 1e-5);
  const auto east =
      Transformer("EPSG:32660", "EPSG:4326").transform_box({500000, 6000000, 834000, 6100000});
  expect_box(east, {177.0, 54.03979, 182.215328, 55.046806}, 1e-5);
  const LonLatBox policy = to_lonlat_box(*west);
  EXPECT_NEAR(policy.west, 177.784672, 1e-5);
  EXPECT_NEAR(policy.east, -177.0, 1e-9);
  EXPECT_EQ(to_crs_box(policy).right, west->right);
}

TEST(TransformBox, FollowsAPolicyBoxOverTheAntimeridian) {
  const CrsBox box = to_crs_box({178.0, 50.0, -176.0, 52.0});
  expect_box(Transformer("EPSG:4326", "EPSG:4269").transform_box(box), {178, 50, 184, 52}, 0);
  expect_box(Transformer("EPSG:4326", "EPSG:4269").transform_box({178, 50, -176, 52}),
             {178, 50, 184, 52}, 0);
  // One run of Mercator columns, not two edges of the world.
  expect_box(Transformer("EPSG:4326", "EPSG:3857").transform_box(box),
             {kHalf * 178 / 180, 6446275.8, kHalf * 184 / 180, 6800125.5}, 0.1);
  const auto utm = Transformer("EPSG:4326", "EPSG:32601").transform_box(box);
  ASSERT_TRUE(utm);
  EXPECT_LT(utm->right - utm->left, 450e3);
}

TEST(TransformBox, FindsThePoleInside) {
  const auto north = Transformer("EPSG:3413", "EPSG:4326").transform_box({-1e6, -1e6, 1e6, 1e6});
  expect_box(north, {-180, 76.9988155, 180, 90}, 1e-6);
  const auto south = Transformer("EPSG:3031", "EPSG:4326").transform_box({-1e6, -1e6, 1e6, 1e6});
  expect_box(south, {-180, -90, 180, -77.0374006}, 1e-6);
  const auto beside = Transformer("EPSG:3413", "EPSG:4326").transform_box({-1e6, -1e6, 1e6, -1e5});
  ASSERT_TRUE(beside);
  EXPECT_LT(beside->top, 90.0);
  EXPECT_GE(beside->top, 89.069);
  const auto mercator = Transformer("EPSG:3413", "EPSG:3857").transform_box({-1e6, -1e6, 1e6, 1e6});
  ASSERT_TRUE(mercator);
  EXPECT_EQ(mercator->left, -mercator->right);
  EXPECT_DOUBLE_EQ(mercator->top, kHalf);
}

TEST(TransformBox, ClampsAtThePoles) {
  expect_box(Transformer("EPSG:4326", "EPSG:3857").transform_box({-180, -90, 180, 90}),
             {-kHalf, -kHalf, kHalf, kHalf}, 1e-6);
  // A global grid registered on its nodes reaches half a cell beyond.
  expect_box(Transformer("EPSG:4326", "EPSG:4269").transform_box({-180.04, -90.04, 179.96, 90.04}),
             {-180, -90, 180, 90}, 0);
}

TEST(TransformBox, TheWorldsEdgeBelongsToTheSideOfTheBox) {
  expect_box(Transformer("EPSG:4326", "EPSG:3857").transform_box({-180, 0, 0, 10}),
             {-kHalf, 0, 0, 1118889.97486}, 1e-4);
  expect_box(Transformer("EPSG:3857", "EPSG:4326").transform_box({-kHalf, -kHalf, 0, kHalf}),
             {-180, -85.0511287798, 0, 85.0511287798}, 1e-8);
  expect_box(Transformer("EPSG:4326", "EPSG:4326").transform_box({190, 0, 200, 10}),
             {-170, 0, -160, 10}, 0);
  expect_box(Transformer("EPSG:4326", "EPSG:4326").transform_box({20, -90, 380, 90}),
             {-180, -90, 180, 90}, 0);
}

TEST(TransformBox, StraightEdgesDoNotGrow) {
  double x = -70.8, y = 42.96;
  Transformer("EPSG:4326", "EPSG:3857").transform(1, &x, &y);
  const auto box =
      Transformer("EPSG:4326", "EPSG:3857").transform_box({-70.8, 42.96, -70.7, 43.04});
  ASSERT_TRUE(box);
  EXPECT_EQ(box->left, x);
  EXPECT_EQ(box->bottom, y);
}

/// Whatever lies in the box lies in its image, also where edges bend most between the points that
/// are looked at.
TEST(TransformBox, HoldsEveryPointOfTheBox) {
  const Pair cases[] = {{"EPSG:4326", "EPSG:3413", {-180, 60, 180, 90}},
                        {"EPSG:4326", "EPSG:3413", {-103, 70, 31, 85}},
                        {"EPSG:4326", "EPSG:26919", {-78, 20, -60, 60}},
                        {"EPSG:26919", "EPSG:4326", {-2e5, 4e6, 12e5, 65e5}},
                        {"EPSG:3413", "EPSG:4326", {-3e6, 1e5, 2e6, 2e6}},
                        {"EPSG:5070", "EPSG:4326", {-2.3e6, 3e5, 2.2e6, 3.1e6}}};
  for (const Pair& c : cases) {
    SCOPED_TRACE(std::string(c.source) + " to " + c.target);
    const Transformer transformer(c.source, c.target);
    const auto image = transformer.transform_box(c.box);
    ASSERT_TRUE(image);
    const bool cyclic = crs_world(c.target).half_width > 0.0;
    std::mt19937 random(11);
    std::uniform_real_distribution<double> share(0.0, 1.0);
    for (int i = 0; i < 20000; ++i) {
      // Half of the points lie on an edge.
      const double u = i % 4 == 0 ? std::round(share(random)) : share(random);
      const double v = i % 4 == 1 ? std::round(share(random)) : share(random);
      double x = c.box.left + u * (c.box.right - c.box.left);
      double y = c.box.bottom + v * (c.box.top - c.box.bottom);
      transformer.transform(1, &x, &y);
      if (cyclic && x < image->left) x += 360.0;
      const double slack = cyclic ? 1e-12 * 360.0 : 1e-6;
      ASSERT_TRUE(x >= image->left - slack && x <= image->right + slack)
          << x << " at " << u << " " << v;
      ASSERT_TRUE(y >= image->bottom - slack && y <= image->top + slack)
          << y << " at " << u << " " << v;
    }
  }
}

TEST(TransformBox, NothingWhereNoEdgeHasAnImage) {
  EXPECT_FALSE(Transformer("EPSG:26919", "EPSG:4326").transform_box({1e12, 1e12, 2e12, 2e12}));
}

}  // namespace
}  // namespace topobathy
