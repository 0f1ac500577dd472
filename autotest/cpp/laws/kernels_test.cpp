#include "providers/align/kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace topobathy {
namespace {

/// Random positions with the patch they need; some pixels missing.
struct Scene {
  BlockPositions positions;
  Patch patch;

  Scene(unsigned seed, const PixelRatio& ratio, double missing, bool constant = false) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> place(1.0F, 40.0F), value(-50.0F, 20.0F);
    std::uniform_real_distribution<double> chance(0.0, 1.0);
    positions.base_col = static_cast<std::int64_t>(seed) * 1000 - 7000;
    positions.base_row = -12345;
    for (std::size_t k = 0; k < positions.col.size(); ++k) {
      positions.col[k] = place(random);
      positions.row[k] = place(random);
      // Corners and centres of pixels, where rules change.
      if (k % 16 == 0) positions.col[k] = std::floor(positions.col[k]);
      if (k % 16 == 1) positions.row[k] = std::floor(positions.row[k]) + 0.5F;
    }
    const auto bounds = [](const auto& v, float& low, float& high) {
      low = *std::min_element(v.begin(), v.end());
      high = *std::max_element(v.begin(), v.end());
    };
    bounds(positions.col, positions.min_col, positions.max_col);
    bounds(positions.row, positions.min_row, positions.max_row);
    patch.window = patch_window(positions, ratio);
    const float same = value(random);
    for (std::int64_t p = 0; p < patch.window.area(); ++p)
      patch.values.push_back(chance(random) < missing ? kNoValue : constant ? same : value(random));
  }
  /// The pixel (col, row), counted from the base.
  double at(std::int64_t col, std::int64_t row) const {
    const std::int64_t c = col + positions.base_col - patch.window.col;
    const std::int64_t r = row + positions.base_row - patch.window.row;
    EXPECT_TRUE(c >= 0 && r >= 0 && c < patch.window.width && r < patch.window.height)
        << "the patch does not hold every tap";
    return static_cast<double>(patch.values[static_cast<std::size_t>(r * patch.window.width + c)]);
  }
};

std::int64_t cell(double v) {
  return static_cast<std::int64_t>(std::floor(v));
}

double nearest(const Scene& scene, double col, double row) {
  return scene.at(cell(col), cell(row));
}

double bilinear(const Scene& scene, double col, double row) {
  if (std::isnan(nearest(scene, col, row))) return std::nan("");
  const std::int64_t c = cell(col - 0.5), r = cell(row - 0.5);
  double sum = 0, total = 0;
  for (std::int64_t j = 0; j < 2; ++j) {
    for (std::int64_t i = 0; i < 2; ++i) {
      const double w = (1 - std::fabs(col - 0.5 - static_cast<double>(c + i))) *
                       (1 - std::fabs(row - 0.5 - static_cast<double>(r + j)));
      if (std::isnan(scene.at(c + i, r + j))) continue;
      sum += w * scene.at(c + i, r + j);
      total += w;
    }
  }
  return sum / total;
}

/// Catmull-Rom: Keys' cubic convolution with a = -1/2.
double keys(double distance) {
  const double d = std::fabs(distance);
  if (d < 1) return 1.5 * d * d * d - 2.5 * d * d + 1;
  return d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
}

double cubic(const Scene& scene, double col, double row) {
  const double smooth = bilinear(scene, col, row);
  if (std::isnan(smooth)) return smooth;
  const std::int64_t c = cell(col - 0.5), r = cell(row - 0.5);
  double sum = 0;
  for (std::int64_t j = -1; j <= 2; ++j)
    for (std::int64_t i = -1; i <= 2; ++i)
      sum += keys(col - 0.5 - static_cast<double>(c + i)) *
             keys(row - 0.5 - static_cast<double>(r + j)) * scene.at(c + i, r + j);
  return std::isnan(sum) ? smooth : sum;
}

/// A box that is exactly half full: rounding decides.
constexpr double kEither = 1e30;

double average(const Scene& scene, double col, double row, const PixelRatio& ratio) {
  const double half_c = std::max(1.0, ratio.across) / 2, half_r = std::max(1.0, ratio.down) / 2;
  double sum = 0, total = 0;
  for (std::int64_t r = cell(row - half_r); static_cast<double>(r) < row + half_r; ++r) {
    for (std::int64_t c = cell(col - half_c); static_cast<double>(c) < col + half_c; ++c) {
      const auto share = [](double position, double half, std::int64_t pixel) {
        const auto from = static_cast<double>(pixel);
        return std::max(0.0, std::min(position + half, from + 1) - std::max(position - half, from));
      };
      const double w = share(col, half_c, c) * share(row, half_r, r);
      if (std::isnan(scene.at(c, r))) continue;
      sum += w * scene.at(c, r);
      total += w;
    }
  }
  const double half_box = 2 * half_c * half_r;
  if (!std::isnan(nearest(scene, col, row))) return sum / total;
  if (std::fabs(total - half_box) < 1e-4) return kEither;
  return total > half_box ? sum / total : std::nan("");
}

template <class Kernel, class Reference>
void compare(const PixelRatio& ratio, Kernel kernel, Reference reference) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    const Scene scene(seed, ratio, seed % 3 == 0 ? 0.0 : seed % 3 == 1 ? 0.15 : 0.6);
    std::array<float, kBlock * kBlock> out;
    kernel(scene, out.data());
    for (std::size_t k = 0; k < out.size(); ++k) {
      const double col = static_cast<double>(scene.positions.col[k]);
      const double row = static_cast<double>(scene.positions.row[k]);
      const double expected = reference(scene, col, row);
      if (expected == kEither) continue;
      ASSERT_EQ(std::isnan(out[k]), std::isnan(expected))
          << "seed " << seed << " at " << col << ", " << row << ": " << out[k] << " for "
          << expected;
      if (std::isnan(expected)) continue;
      ASSERT_NEAR(out[k], expected, 1e-3) << col << ", " << row;
    }
  }
}

TEST(Kernels, NearestTakesThePixelThatContainsThePosition) {
  compare(
      {}, [](const Scene& s, float* out) { sample_nearest(s.positions, s.patch, {}, out); },
      nearest);
}
TEST(Kernels, BilinearGivesTheWeightOfMissingTapsToTheOthers) {
  compare(
      {}, [](const Scene& s, float* out) { sample_bilinear(s.positions, s.patch, {}, out); },
      bilinear);
}
TEST(Kernels, CubicIsCatmullRomAndBilinearBesideAHole) {
  compare(
      {}, [](const Scene& s, float* out) { sample_cubic(s.positions, s.patch, {}, out); }, cubic);
}
TEST(Kernels, AverageWeighsPixelsByTheAreaTheyHaveInTheBox) {
  for (const PixelRatio ratio : {PixelRatio{1, 1}, {1.7, 1.2}, {2, 0.4}, {7.8, 1.9}})
    compare(
        ratio,
        [&](const Scene& s, float* out) { sample_average(s.positions, s.patch, {}, ratio, out); },
        [&](const Scene& s, double col, double row) { return average(s, col, row, ratio); });
}

TEST(Kernels, AConstantStaysExactlyConstantWithAnyHoles) {
  const PixelRatio ratio{1.9, 1.3};
  for (unsigned seed = 0; seed < 30; ++seed) {
    const Scene scene(seed, ratio, 0.1 * (seed % 8), true);
    float constant = kNoValue;
    for (const float value : scene.patch.values)
      if (value == value) constant = value;
    std::array<float, kBlock * kBlock> out;
    const auto check = [&](const char* kernel) {
      for (const float value : out) {
        if (value != value) continue;
        ASSERT_EQ(value, constant) << kernel << ", seed " << seed;
      }
    };
    sample_nearest(scene.positions, scene.patch, {}, out.data());
    check("nearest");
    sample_bilinear(scene.positions, scene.patch, {}, out.data());
    check("bilinear");
    sample_cubic(scene.positions, scene.patch, {}, out.data());
    check("cubic");
    sample_average(scene.positions, scene.patch, {}, ratio, out.data());
    check("average");
  }
}

TEST(Kernels, APartHoldsWhatTheWholeBlockHas) {
  const Scene scene(5, {1.5, 1.5}, 0.2);
  std::array<float, kBlock * kBlock> whole, part;
  sample_average(scene.positions, scene.patch, {}, {1.5, 1.5}, whole.data());
  const BlockPart wanted{3, 20, 7, 9};
  sample_average(scene.positions, scene.patch, wanted, {1.5, 1.5}, part.data());
  for (std::int64_t r = wanted.top; r < wanted.bottom; ++r)
    for (std::int64_t c = wanted.from; c < wanted.to; ++c) {
      const auto k = static_cast<std::size_t>(r * kBlock + c);
      EXPECT_TRUE(part[k] == whole[k] || (std::isnan(part[k]) && std::isnan(whole[k])));
    }
}

}  // namespace
}  // namespace topobathy
