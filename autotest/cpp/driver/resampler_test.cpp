#include "driver/resample/resampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "drawing.h"

namespace topobathy {
namespace {

using testing_support::draw;
using testing_support::draw_plane;
using testing_support::Drawing;
using testing_support::Legend;
using testing_support::picture;

const Legend<float> kHeights{{'1', 1.f}, {'2', 2.f}, {'3', 3.f}, {'4', 4.f}, {'9', 9.f}};
const Legend<SourceId> kIds{{'a', 70000}, {'b', 70001}, {'c', 70002}};

LayerPlanes planes(const std::vector<std::string>& heights, const std::vector<std::string>& ids) {
  LayerPlanes source;
  source.elevation = draw(heights, kHeights);
  source.uncertainty = source.elevation;
  source.source = draw_plane(ids, kIds);
  source.window = {0, 0, source.elevation.width(), source.elevation.height()};
  return source;
}

LayerPlanes resampled(const LayerPlanes& source, std::int64_t width, std::int64_t height,
                      Kernel kernel) {
  const AxisMap columns{0.0, static_cast<double>(source.window.width) / static_cast<double>(width),
                        source.window.width};
  const AxisMap rows{0.0, static_cast<double>(source.window.height) / static_cast<double>(height),
                     source.window.height};
  LayerPlanes result;
  Resampler(columns, rows, kernel).run(source, {0, 0, width, height}, {}, result);
  return result;
}

TEST(Resampler, average_ignores_holes) {
  const auto result = resampled(planes({"13..", "13.9"}, {"aa..", "aa.b"}), 2, 1, Kernel::kAverage);
  EXPECT_EQ(picture(result.elevation, kHeights), Drawing({"29"}));
}

TEST(Resampler, id_of_a_hole_in_the_centre_is_the_nearest_of_the_footprint) {
  const auto result =
      resampled(planes({"111...", "...1..", "......"}, {"abc...", "...a..", "......"}), 2, 1,
                Kernel::kAverage);
  EXPECT_EQ(picture(result.source, kIds), Drawing({"ba"}));
}

TEST(Resampler, shoalest_takes_all_three_planes_of_the_highest_pixel) {
  const auto result =
      resampled(planes({"1234", "19.2"}, {"abca", "ac.a"}), 2, 1, Kernel::kShoalest);
  EXPECT_EQ(picture(result.elevation, kHeights), Drawing({"94"}));
  EXPECT_EQ(picture(result.uncertainty, kHeights), Drawing({"94"}));
  EXPECT_EQ(picture(result.source, kIds), Drawing({"ca"}));
}

TEST(Resampler, enlarging_invents_nothing_beyond_an_edge) {
  for (const Kernel kernel : {Kernel::kNearest, Kernel::kAverage, Kernel::kBilinear, Kernel::kCubic,
                              Kernel::kCubicSpline, Kernel::kLanczos}) {
    const auto result = resampled(planes({"22.", "2.."}, {"ab.", "c.."}), 6, 4, kernel);
    EXPECT_EQ(picture(result.elevation, kHeights),
              Drawing({"2222..", "2222..", "22....", "22...."}));
    EXPECT_EQ(picture(result.source, kIds), Drawing({"aabb..", "aabb..", "cc....", "cc...."}));
  }
}

TEST(Resampler, bilinear_is_halfway_between_two_pixels) {
  const auto result = resampled(planes({"13"}, {"ab"}), 4, 1, Kernel::kBilinear);
  EXPECT_FLOAT_EQ(result.elevation.at(0, 0), 1.f);
  EXPECT_FLOAT_EQ(result.elevation.at(1, 0), 1.5f);
  EXPECT_FLOAT_EQ(result.elevation.at(2, 0), 2.5f);
  EXPECT_FLOAT_EQ(result.elevation.at(3, 0), 3.f);
}

/// Random heights with holes over 40 x 30 pixels.
LayerPlanes random_planes(unsigned seed) {
  std::mt19937 random(seed);
  LayerPlanes source;
  source.window = {0, 0, 40, 30};
  source.elevation.reshape(40, 30);
  source.uncertainty.reshape(40, 30);
  source.source.reshape(40, 30);
  for (std::size_t i = 0; i < source.elevation.size(); ++i) {
    const bool hole = random() % 3 == 0;
    source.elevation.data()[i] = hole ? kNoValue : static_cast<float>(random() % 1000) - 500.f;
    source.uncertainty.data()[i] = hole ? kNoValue : 1.f;
    source.source.data()[i] = hole ? kNoSource : 70000 + static_cast<SourceId>(random() % 5);
  }
  return source;
}

struct Case {
  Kernel kernel;
  AxisMap columns;
  AxisMap rows;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Kernel kernel : {Kernel::kNearest, Kernel::kAverage, Kernel::kBilinear, Kernel::kCubic,
                              Kernel::kCubicSpline, Kernel::kLanczos, Kernel::kShoalest})
    for (const double scale : {0.3, 0.75, 1.0, 1.25, 1.9, 3.7})
      all.push_back({kernel, {1.3, scale, 40}, {0.4, scale, 30}});
  return all;
}

LatticeWindow output_of(const Case& c) {
  return {0, 0, static_cast<std::int64_t>(38.0 / c.columns.scale),
          static_cast<std::int64_t>(29.0 / c.rows.scale)};
}

TEST(Resampler, every_valid_pixel_names_a_source_and_no_other_does) {
  const LayerPlanes source = random_planes(1);
  for (const Case& c : cases()) {
    LayerPlanes result;
    Resampler(c.columns, c.rows, c.kernel).run(source, output_of(c), {}, result);
    for (std::size_t i = 0; i < result.elevation.size(); ++i)
      ASSERT_EQ(std::isnan(result.elevation.data()[i]), result.source.data()[i] == kNoSource)
          << static_cast<int>(c.kernel) << " " << c.columns.scale;
  }
}

TEST(Resampler, pieces_give_the_same_bits_as_the_whole) {
  const LayerPlanes source = random_planes(2);
  for (const Case& c : cases()) {
    const Resampler resampler(c.columns, c.rows, c.kernel);
    const LatticeWindow output = output_of(c);
    LayerPlanes whole;
    resampler.run(source, output, {}, whole);
    for (std::int64_t row = 0; row < output.height; ++row)
      for (std::int64_t col = 0; col < output.width; col += 3) {
        const LatticeWindow pixel{col, row, std::min<std::int64_t>(2, output.width - col), 1};
        // Only the pixels that source_window() names are at hand.
        LayerPlanes part;
        part.window = resampler.source_window(pixel);
        ASSERT_TRUE(source.window.contains(part.window));
        part.elevation.reshape(part.window.width, part.window.height);
        part.uncertainty.reshape(part.window.width, part.window.height);
        part.source.reshape(part.window.width, part.window.height);
        for (std::int64_t r = 0; r < part.window.height; ++r)
          for (std::int64_t k = 0; k < part.window.width; ++k) {
            part.elevation.at(k, r) = source.elevation.at(part.window.col + k, part.window.row + r);
            part.uncertainty.at(k, r) =
                source.uncertainty.at(part.window.col + k, part.window.row + r);
            part.source.at(k, r) = source.source.at(part.window.col + k, part.window.row + r);
          }
        LayerPlanes piece;
        resampler.run(part, pixel, {}, piece);
        for (std::int64_t k = 0; k < pixel.width; ++k) {
          const float a = piece.elevation.at(k, 0), b = whole.elevation.at(col + k, row);
          ASSERT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << a << " " << b;
          ASSERT_EQ(piece.source.at(k, 0), whole.source.at(col + k, row));
        }
      }
  }
}

TEST(Resampler, shoalest_never_lies_below_the_mean) {
  const LayerPlanes source = random_planes(3);
  const AxisMap columns{0.0, 1.7, 40}, rows{0.0, 1.7, 30};
  LayerPlanes mean, shoalest;
  const LatticeWindow output{0, 0, 23, 17};
  Resampler(columns, rows, Kernel::kAverage).run(source, output, {}, mean);
  Resampler(columns, rows, Kernel::kShoalest).run(source, output, {}, shoalest);
  for (std::size_t i = 0; i < mean.elevation.size(); ++i) {
    const float average = mean.elevation.data()[i];
    ASSERT_TRUE(std::isnan(average) || shoalest.elevation.data()[i] >= average);
  }
}

}  // namespace
}  // namespace topobathy
