#include "fusion/operators/despike.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "drawing.h"
#include "fusion/operators/elevation_limits.h"

namespace topobathy {
namespace {

using testing_support::draw;
using testing_support::Drawing;
using testing_support::Legend;
using testing_support::picture;

const Legend<float> kSeabed = {
    {'-', -8.0f}, {'s', -193.3f}, {'t', -161.3f}, {'c', -35.0f}, {'p', 20.0f}};

Plane<float> plane_9x9(float centre) {
  Plane<float> plane(9, 9, -8.0f);
  plane.at(4, 4) = centre;
  return plane;
}

TEST(Despike, TakesOutASingleBlunder) {
  Plane<float> plane = plane_9x9(-193.0f);
  EXPECT_EQ(despike(plane, 20.0), 1);
  EXPECT_TRUE(std::isnan(plane.at(4, 4)));
  EXPECT_EQ(std::count(plane.data(), plane.data() + plane.size(), -8.0f), 80);
}

TEST(Despike, TakesOutTwoBlundersSideBySide) {
  Plane<float> plane = draw({"------", "------", "--st--", "------", "------"}, kSeabed);
  EXPECT_EQ(despike(plane, 20.0), 2);
  EXPECT_EQ(picture(plane, kSeabed), Drawing({"------", "------", "--..--", "------", "------"}));
}

TEST(Despike, KeepsAChannelAndAPlateau) {
  const std::vector<std::string> coast(12, "---ccc---ppp");
  Plane<float> plane = draw(coast, kSeabed);
  EXPECT_EQ(despike(plane, 20.0), 0);
  EXPECT_EQ(picture(plane, kSeabed), Drawing(coast));
}

TEST(Despike, NeedsFiveFiniteValues) {
  Plane<float> few = draw({"...", "-s-", "..."}, kSeabed);
  EXPECT_EQ(despike(few, 20.0), 0);
  Plane<float> four = draw({"-..", "-s-", "..."}, kSeabed);
  EXPECT_EQ(despike(four, 20.0), 0);
  Plane<float> five = draw({"--.", "-s-", "..."}, kSeabed);
  EXPECT_EQ(despike(five, 20.0), 1);
  EXPECT_EQ(picture(five, kSeabed), Drawing({"--.", "-.-", "..."}));
}

TEST(Despike, EvenCountTakesTheMeanOfTheMiddleTwo) {
  // Six finite values 0 0 0 10 10 10: the median is 5, so the upper row is 5 away from it.
  const Legend<float> legend = {{'0', 0.0f}, {'1', 10.0f}};
  Plane<float> plane = draw({"111", "000"}, legend);
  EXPECT_EQ(despike(plane, 5.0), 0);
  EXPECT_EQ(despike(plane, 4.999), 2);
  EXPECT_EQ(picture(plane, legend), Drawing({"1.1", "0.0"}));
}

TEST(Despike, TheThresholdItselfStays) {
  Plane<float> plane = plane_9x9(-28.0f);
  EXPECT_EQ(despike(plane, 20.0), 0);
  EXPECT_EQ(despike(plane, std::nextafter(20.0, 0.0)), 1);
}

TEST(Despike, NoThresholdChangesNothing) {
  for (const double threshold : {0.0, -1.0, std::nan("")}) {
    Plane<float> plane = plane_9x9(-193.0f);
    EXPECT_EQ(despike(plane, threshold), 0);
    EXPECT_EQ(plane.at(4, 4), -193.0f);
  }
  Plane<float> empty;
  EXPECT_EQ(despike(empty, 20.0), 0);
}

TEST(Despike, InfinityIsNoFiniteNeighbour) {
  const Legend<float> legend = {{'0', 0.0f}, {'s', 50.0f}, {'i', INFINITY}};
  Plane<float> plane = draw({"i0i", "0s0", "iii"}, legend);
  EXPECT_EQ(despike(plane, 20.0), 0);  // four finite values
  plane = draw({"i0i", "0s0", "0ii"}, legend);
  EXPECT_EQ(despike(plane, 20.0), 1);
}

/// The rule word for word, without any early test.
Plane<float> despiked_plainly(const Plane<float>& in, double threshold) {
  Plane<float> out = in;
  for (std::int64_t r = 0; r < in.height(); ++r)
    for (std::int64_t c = 0; c < in.width(); ++c) {
      std::vector<double> values;
      for (std::int64_t y = r - 1; y <= r + 1; ++y)
        for (std::int64_t x = c - 1; x <= c + 1; ++x)
          if (x >= 0 && y >= 0 && x < in.width() && y < in.height() && std::isfinite(in.at(x, y)))
            values.push_back(in.at(x, y));
      if (values.size() < 5 || !std::isfinite(in.at(c, r))) continue;
      std::sort(values.begin(), values.end());
      const double median = (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
      if (std::abs(in.at(c, r) - median) > threshold) out.at(c, r) = kNoValue;
    }
  return out;
}

Plane<float> random_plane(std::mt19937& random, std::int64_t width, std::int64_t height,
                          double missing) {
  std::uniform_real_distribution<float> depth(-12.0f, -8.0f);
  std::uniform_real_distribution<double> chance(0.0, 1.0);
  Plane<float> plane(width, height, kNoValue);
  for (std::size_t i = 0; i < plane.size(); ++i) {
    if (chance(random) < missing) continue;
    plane.data()[i] =
        chance(random) < 0.05 ? 5.0f * depth(random) : std::round(depth(random) * 4.0f) / 4.0f;
  }
  return plane;
}

bool same_bits(const Plane<float>& a, const Plane<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST(Despike, EqualsTheRuleTakenWordForWord) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const std::int64_t width = 1 + static_cast<std::int64_t>(random() % 20);
    const std::int64_t height = 1 + static_cast<std::int64_t>(random() % 20);
    Plane<float> plane = random_plane(random, width, height, (round % 5) * 0.2);
    const double threshold = 0.25 * static_cast<double>(1 + random() % 12);
    const Plane<float> expected = despiked_plainly(plane, threshold);
    despike(plane, threshold);
    ASSERT_TRUE(same_bits(plane, expected)) << "round " << round;
  }
}

TEST(Despike, InsideTheHaloTheWindowDoesNotMatter) {
  std::mt19937 random(8);
  const Plane<float> original = random_plane(random, 40, 40, 0.2);
  Plane<float> whole = original;
  despike(whole, 1.0);
  for (int round = 0; round < 100; ++round) {
    const std::int64_t size = 1 + static_cast<std::int64_t>(random() % 10);
    const std::int64_t left = kDespikeHalo + static_cast<std::int64_t>(random() % 25);
    const std::int64_t top = kDespikeHalo + static_cast<std::int64_t>(random() % 25);
    Plane<float> part(size + 2 * kDespikeHalo, size + 2 * kDespikeHalo);
    for (std::int64_t r = 0; r < part.height(); ++r)
      for (std::int64_t c = 0; c < part.width(); ++c)
        part.at(c, r) = original.at(left - kDespikeHalo + c, top - kDespikeHalo + r);
    despike(part, 1.0);
    for (std::int64_t r = 0; r < size; ++r)
      ASSERT_EQ(std::memcmp(part.row(r + kDespikeHalo) + kDespikeHalo, whole.row(top + r) + left,
                            static_cast<std::size_t>(size) * sizeof(float)),
                0);
  }
}

TEST(ElevationLimits, KeepWhatLiesOnThem) {
  const Legend<float> legend = {
      {'a', -10.0f}, {'b', -10.5f}, {'c', 3.0f}, {'d', 3.5f}, {'e', 0.0f}};
  Plane<float> plane = draw({"abcde."}, legend);
  limit_elevation(plane, -10.0, 3.0);
  EXPECT_EQ(picture(plane, legend), Drawing({"a.c.e."}));
  limit_elevation(plane, 0.0, std::numeric_limits<double>::infinity());
  EXPECT_EQ(picture(plane, legend), Drawing({"..c.e."}));
}

}  // namespace
}  // namespace topobathy
