#include "driver/resample/axis.h"

#include <gtest/gtest.h>

#include <numeric>

namespace topobathy {
namespace {

double sum(const Taps& taps) {
  return std::accumulate(taps.weights.begin(), taps.weights.end(), 0.0);
}

TEST(Axis, footprint_of_a_reducing_axis_is_the_overlap) {
  const AxisMap axis{0.0, 1.5, 6};
  const Taps first = footprint(axis, 0);
  EXPECT_EQ(first.first, 0);
  EXPECT_EQ(first.weights, (std::vector<double>{1.0, 0.5}));
  const Taps second = footprint(axis, 1);
  EXPECT_EQ(second.first, 1);
  EXPECT_EQ(second.weights, (std::vector<double>{0.5, 1.0}));
}

TEST(Axis, footprint_of_an_enlarging_axis_is_the_centre_pixel) {
  const AxisMap axis{0.0, 0.25, 2};
  for (int i = 0; i < 8; ++i) {
    const Taps taps = footprint(axis, i);
    EXPECT_EQ(taps.first, i / 4);
    EXPECT_EQ(taps.weights.size(), 1U);
  }
}

TEST(Axis, footprint_takes_no_pixel_that_rounding_only_touches) {
  const AxisMap axis{1.0 - 1e-9, 2.0 + 2e-9, 100};
  EXPECT_EQ(footprint(axis, 0).first, 1);
  EXPECT_EQ(footprint(axis, 0).last(), 2);
}

TEST(Axis, footprints_tile_the_axis_without_gap_or_overlap) {
  const AxisMap axis{3.25, 1.7, 1000};
  double covered = 0.0;
  for (int i = 0; i < 100; ++i)
    covered += sum(footprint(axis, i));
  EXPECT_NEAR(covered, 170.0, 1e-9);
}

TEST(Axis, centre_on_an_edge_belongs_to_the_pixel_behind_it) {
  EXPECT_EQ(centre_pixel({0.0, 2.0, 10}, 0), 1);
  EXPECT_EQ(centre_pixel({0.0, 2.0 - 1e-12, 10}, 0), 1);
}

TEST(Axis, centre_stays_inside) {
  EXPECT_EQ(centre_pixel({-3.0, 1.0, 10}, 0), 0);
  EXPECT_EQ(centre_pixel({20.0, 1.0, 10}, 0), 9);
}

TEST(Axis, kernels_reproduce_a_straight_line) {
  for (const Kernel kernel : {Kernel::kBilinear, Kernel::kCubic, Kernel::kCubicSpline}) {
    const AxisMap axis{2.3, 0.4, 100};
    for (int i = 20; i < 60; ++i) {
      const Taps taps = kernel_taps(axis, i, kernel);
      double value = 0.0;
      for (std::size_t k = 0; k < taps.weights.size(); ++k)
        value += taps.weights[k] * (static_cast<double>(taps.first) + static_cast<double>(k) + 0.5);
      EXPECT_NEAR(value / sum(taps), 2.3 + (i + 0.5) * 0.4, 1e-9);
    }
  }
}

TEST(Axis, interpolating_kernels_hit_the_pixel_they_stand_on) {
  for (const Kernel kernel : {Kernel::kBilinear, Kernel::kCubic, Kernel::kLanczos}) {
    const Taps taps = kernel_taps({0.0, 1.0, 20}, 7, kernel);
    for (std::size_t k = 0; k < taps.weights.size(); ++k) {
      const bool here = taps.first + static_cast<std::int64_t>(k) == 7;
      EXPECT_NEAR(taps.weights[k], here ? 1.0 : 0.0, 1e-12);
    }
  }
}

TEST(Axis, a_reducing_kernel_is_stretched) {
  EXPECT_GE(kernel_taps({0.0, 4.0, 100}, 10, Kernel::kBilinear).weights.size(), 7U);
}

}  // namespace
}  // namespace topobathy
