#include "fusion/operators/gap_fill.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "drawing.h"

namespace topobathy {
namespace {

using testing_support::draw;
using testing_support::draw_sources;
using testing_support::Drawing;
using testing_support::Legend;
using testing_support::picture;
using testing_support::picture_of_valid;

const Legend<float> kFlat = {{'x', -8.0f}};

std::vector<GroundPixel> rows_of(const Plane<float>& plane, double width, double height) {
  return std::vector<GroundPixel>(static_cast<std::size_t>(plane.height()),
                                  GroundPixel{width, height});
}

/// Fills a drawn plane of square 5 m pixels.
Drawing filled(const std::vector<std::string>& rows, double gap) {
  Plane<float> plane = draw(rows, kFlat);
  Plane<float> no_uncertainty;
  Plane<SourceId> no_source;
  gap_fill(plane, no_uncertainty, no_source, rows_of(plane, 5.0, 5.0), gap);
  return picture(plane, kFlat);
}

TEST(GapFill, FillsAHoleThatFitsAndNoOther) {
  EXPECT_EQ(filled({"xxxxxxxxx",  //
                    "x..xxxxxx",  //
                    "x..xx...x",  //
                    "xxxxxxxxx"},
                   10.0),
            Drawing({"xxxxxxxxx",  //
                     "xxxxxxxxx",  //
                     "xxxxx...x",  //
                     "xxxxxxxxx"}));
}

TEST(GapFill, AHoleOfExactlyTheGapIsFilled) {
  const std::vector<std::string> rows = {"xxxxx", "x...x", "xxxxx"};
  EXPECT_EQ(filled(rows, 15.0), Drawing({"xxxxx", "xxxxx", "xxxxx"}));
  EXPECT_EQ(filled(rows, 14.99), Drawing(rows));
}

TEST(GapFill, DoesNotFillTheRimOfALargeHole) {
  const std::vector<std::string> rows = {"xxxxxx", "x....x", "x....x", "x....x", "xxxxxx"};
  EXPECT_EQ(filled(rows, 15.0), Drawing(rows));
}

TEST(GapFill, DoesNotFillWhatIsOpenToTheEdge) {
  const std::vector<std::string> rows = {"xx.xx", "xx.xx", "xxxx.", ".xxxx"};
  EXPECT_EQ(filled(rows, 1000.0), Drawing(rows));
}

TEST(GapFill, AVoidThatGoesOnOverADiagonalIsOneHole) {
  const std::vector<std::string> rows = {"xxxxxx", "x.xxxx", "xx.xxx",
                                         "xxx.xx", "xxxx.x", "xxxxxx"};
  EXPECT_EQ(filled(rows, 15.0), Drawing(rows));
  EXPECT_EQ(filled({"xxxx", "xx.x", "x.xx", "xxxx"}, 10.0),
            Drawing({"xxxx", "xxxx", "xxxx", "xxxx"}));
}

TEST(GapFill, JoinsArmsThatMeetBelow) {
  const std::vector<std::string> rows = {"xxxxxxx", "x.x.x.x", "x.x.x.x", "x.....x", "xxxxxxx"};
  EXPECT_EQ(filled(rows, 20.0), Drawing(rows));
  EXPECT_EQ(filled(rows, 25.0), Drawing(std::vector<std::string>(5, "xxxxxxx")));
}

TEST(GapFill, NothingToDoChangesNothing) {
  EXPECT_EQ(filled({"xx", "xx"}, 10.0), Drawing({"xx", "xx"}));
  EXPECT_EQ(filled({"..", ".."}, 10.0), Drawing({"..", ".."}));
  EXPECT_EQ(filled({"xxx", "x.x", "xxx"}, 0.0), Drawing({"xxx", "x.x", "xxx"}));
  Plane<float> empty, uncertainty;
  Plane<SourceId> source;
  EXPECT_EQ(gap_fill(empty, uncertainty, source, {}, 10.0), 0);
}

TEST(GapFill, TheWidestRowOfAHoleCounts) {
  Plane<float> plane = draw({"xxxx", "x..x", "x..x", "xxxx"}, kFlat);
  Plane<float> uncertainty;
  Plane<SourceId> source;
  std::vector<GroundPixel> rows = rows_of(plane, 5.0, 5.0);
  rows[2].width = 6.0;
  EXPECT_EQ(gap_fill(plane, uncertainty, source, rows, 11.0), 0);
  EXPECT_EQ(gap_fill(plane, uncertainty, source, rows, 12.0), 4);
}

TEST(GapFill, WeighsByInverseSquareGroundDistance) {
  // Pixels 1 m wide and 2 m high: weights 1 (left, right), 1/4 (up, down), 1/5 (corners).
  const Legend<float> legend = {{'l', 10.0f}, {'r', 20.0f}, {'v', 40.0f}, {'c', 0.0f}};
  Plane<float> plane = draw({"cvc", "l.r", "cvc"}, legend);
  Plane<float> uncertainty =
      draw({"cvc", "l.r", "cvc"}, {{'l', 0.5f}, {'r', 0.1f}, {'v', kNoValue}, {'c', 0.3f}});
  Plane<SourceId> source;
  EXPECT_EQ(gap_fill(plane, uncertainty, source, rows_of(plane, 1.0, 2.0), 5.0), 1);
  const double weights = 2 * 1.0 + 2 * 0.25 + 4 * 0.2;
  const double mean = (10.0 + 20.0 + 2 * 0.25 * 40.0) / weights;
  EXPECT_FLOAT_EQ(plane.at(1, 1), static_cast<float>(mean));
  const double variance = (100.0 + 400.0 + 2 * 0.25 * 1600.0) / weights - mean * mean;
  const double stated = (0.5 + 0.1 + 4 * 0.2 * 0.3) / (2.0 + 4 * 0.2);
  EXPECT_FLOAT_EQ(uncertainty.at(1, 1), static_cast<float>(std::sqrt(stated * stated + variance)));
}

TEST(GapFill, OnFlatGroundUncertaintyIsThatOfTheRing) {
  Plane<float> plane = draw({"xxx", "x.x", "xxx"}, {{'x', -5000.0f}});
  Plane<float> uncertainty = draw({"uuu", "u.u", "uuu"}, {{'u', 0.25f}});
  Plane<SourceId> source;
  gap_fill(plane, uncertainty, source, rows_of(plane, 1.0, 1.0), 1.0);
  EXPECT_EQ(uncertainty.at(1, 1), 0.25f);
  EXPECT_EQ(plane.at(1, 1), -5000.0f);
}

TEST(GapFill, UncertaintyIsNotInventedWhereNoneIsStated) {
  Plane<float> plane = draw({"xxx", "x.x", "xxx"}, kFlat);
  Plane<float> uncertainty(3, 3, kNoValue);
  Plane<SourceId> source;
  gap_fill(plane, uncertainty, source, rows_of(plane, 1.0, 1.0), 1.0);
  EXPECT_EQ(picture_of_valid(uncertainty), Drawing({"...", "...", "..."}));
}

TEST(GapFill, TakesTheSourceOfTheNearestRingPixel) {
  const Legend<SourceId> surveys = {{'a', 70001}, {'b', 70002}, {'c', 70003}};
  Plane<float> plane = draw({"xxxxxx", "x....x", "xxxxxx"}, kFlat);
  Plane<float> uncertainty;
  Plane<SourceId> source = draw_sources({"aaaccc", "a....b", "bbbbbb"}, surveys);
  gap_fill(plane, uncertainty, source, rows_of(plane, 5.0, 5.0), 20.0);
  // Above and below are equally near: the upper row comes first; at the ends so does it, before
  // left and right.
  EXPECT_EQ(picture(source, surveys), Drawing({"aaaccc", "aaaccb", "bbbbbb"}));
}

TEST(GapFill, TiesGoByGroundDistanceNotByPixels) {
  const Legend<SourceId> surveys = {{'a', 70001}, {'b', 70002}};
  Plane<float> plane = draw({"xxx", "x.x", "xxx"}, kFlat);
  Plane<float> uncertainty;
  Plane<SourceId> source = draw_sources({"aaa", "b.a", "aaa"}, surveys);
  gap_fill(plane, uncertainty, source, rows_of(plane, 3.0, 5.0), 20.0);
  EXPECT_EQ(source.at(1, 1), 70002u);
}

TEST(GapFill, HaloHoldsTheHoleItsRingAndOneMore) {
  EXPECT_EQ(gap_fill_halo(15.0, {5.0, 5.0}),
            5 + 1);  // rounded up across the slack of a hole that just fits
  EXPECT_EQ(gap_fill_halo(14.0, {5.0, 10.0}), 3 + 2);
  EXPECT_EQ(gap_fill_halo(0.0, {5.0, 10.0}), 2);
}

struct Layer {
  Plane<float> elevation, uncertainty;
  Plane<SourceId> source;
};

/// Blobs of missing pixels of every size, some touching the edges.
Layer random_layer(std::mt19937& random, std::int64_t size) {
  std::uniform_real_distribution<float> depth(-20.0f, 5.0f);
  Layer layer{Plane<float>(size, size), Plane<float>(size, size), Plane<SourceId>(size, size)};
  for (std::size_t i = 0; i < layer.elevation.size(); ++i) {
    layer.elevation.data()[i] = random() % 12 == 0 ? kNoValue : depth(random);
    layer.uncertainty.data()[i] =
        random() % 3 == 0 ? kNoValue : 0.1f * static_cast<float>(random() % 9);
    layer.source.data()[i] = kFirstKeyedSource + static_cast<SourceId>(random() % 5);
  }
  for (int blob = 0; blob < 25; ++blob) {
    const auto left = static_cast<std::int64_t>(random() % static_cast<unsigned>(size));
    const auto top = static_cast<std::int64_t>(random() % static_cast<unsigned>(size));
    const auto width = static_cast<std::int64_t>(1 + random() % 7),
               height = static_cast<std::int64_t>(1 + random() % 7);
    for (std::int64_t r = top; r < std::min(size, top + height); ++r)
      for (std::int64_t c = left; c < std::min(size, left + width); ++c)
        layer.elevation.at(c, r) = kNoValue;
  }
  return layer;
}

template <class T>
Plane<T> part_of(const Plane<T>& plane, std::int64_t left, std::int64_t top, std::int64_t width,
                 std::int64_t height) {
  Plane<T> part(width, height);
  for (std::int64_t r = 0; r < height; ++r)
    std::memcpy(part.row(r), plane.row(top + r) + left,
                static_cast<std::size_t>(width) * sizeof(T));
  return part;
}

template <class T>
bool same_core(const Plane<T>& part, std::int64_t halo, const Plane<T>& whole, std::int64_t left,
               std::int64_t top) {
  for (std::int64_t r = halo; r < part.height() - halo; ++r)
    if (std::memcmp(part.row(r) + halo, whole.row(top + r) + left + halo,
                    static_cast<std::size_t>(part.width() - 2 * halo) * sizeof(T)) != 0)
      return false;
  return true;
}

TEST(GapFill, BesideAPoleTheMarginStaysFinite) {
  EXPECT_EQ(gap_fill_halo(100.0, {1e-12, 30.0}), kMaxGapPixels + 2);
  Plane<float> plane(kMaxGapPixels + 4, 3, -8.0f), no_uncertainty;
  for (std::int64_t c = 1; c <= kMaxGapPixels + 1; ++c)
    plane.at(c, 1) = kNoValue;
  Plane<SourceId> no_source;
  const auto rows = rows_of(plane, 1e-12, 30.0);
  EXPECT_EQ(gap_fill(plane, no_uncertainty, no_source, rows, 100.0), 0);
  plane.at(1, 1) = -8.0f;
  EXPECT_EQ(gap_fill(plane, no_uncertainty, no_source, rows, 100.0), kMaxGapPixels);
}

/// Law 1: a filled pixel does not know the window it was asked with.
TEST(GapFill, InsideTheHaloTheWindowDoesNotMatter) {
  std::mt19937 random(42);
  constexpr std::int64_t kSize = 96;
  std::int64_t pixels_filled = 0;
  for (int round = 0; round < 60; ++round) {
    const Layer original = random_layer(random, kSize);
    // As on a geographic lattice: rows become narrower towards one end.
    std::vector<GroundPixel> rows;
    for (std::int64_t r = 0; r < kSize; ++r)
      rows.push_back({3.0 + 0.01 * static_cast<double>(r), 5.0});
    const double gap = 3.0 + static_cast<double>(random() % 20);
    Layer whole = original;
    pixels_filled += gap_fill(whole.elevation, whole.uncertainty, whole.source, rows, gap);
    for (int window = 0; window < 20; ++window) {
      const auto core = static_cast<std::int64_t>(1 + random() % 24);
      const auto core_top = static_cast<std::int64_t>(16 + random() % 40);
      const auto core_left = static_cast<std::int64_t>(16 + random() % 40);
      const std::int64_t halo = gap_fill_halo(gap, rows[static_cast<std::size_t>(core_top)]);
      ASSERT_LE(halo, 16);
      const std::int64_t left = core_left - halo, top = core_top - halo, size = core + 2 * halo;
      ASSERT_LE(std::max(left, top) + size, kSize);
      Layer part{part_of(original.elevation, left, top, size, size),
                 part_of(original.uncertainty, left, top, size, size),
                 part_of(original.source, left, top, size, size)};
      const std::vector<GroundPixel> part_rows(rows.begin() + top, rows.begin() + top + size);
      gap_fill(part.elevation, part.uncertainty, part.source, part_rows, gap);
      ASSERT_TRUE(same_core(part.elevation, halo, whole.elevation, left, top)) << "round " << round;
      ASSERT_TRUE(same_core(part.uncertainty, halo, whole.uncertainty, left, top))
          << "round " << round;
      ASSERT_TRUE(same_core(part.source, halo, whole.source, left, top)) << "round " << round;
    }
  }
  EXPECT_GT(pixels_filled, 10000);  // the rounds did something
}

}  // namespace
}  // namespace topobathy
