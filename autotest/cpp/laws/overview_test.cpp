// A level is fused at its own size, not made from the pixels of a finer one.
#include "laws/law_test.h"
#include "laws/random_policy.h"

namespace topobathy {
namespace {

using testing_support::LawTest;
using testing_support::RandomPolicy;
using testing_support::read_all;
using testing_support::SmallRaster;
using testing_support::write_raster;

class Overview : public LawTest {};

std::string root_at(const std::string& crs, double resolution, const std::string& more = "") {
  return "crs: " + crs + "\nresolution: " + std::to_string(resolution) +
         "\nextent: [-70.77, 42.985, -70.73, 43.015]\n" + more;
}

/// 30 and 60 m in degrees: 186 and 93 pixels a cell, so that level 1 of the one is the other.
TEST_F(Overview, ALevelIsThePolicyFusedAtThatResolution) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    for (const char* crs : {"EPSG:4326", "EPSG:26919"}) {
      RandomPolicy random(seed + 40, directory().path(), 30);
      const auto fine = open(policy(root_at(crs, 30), random.steps(), "", "fine.yaml"));
      const auto coarse = open(policy(root_at(crs, 60), random.steps(), "", "coarse.yaml"));
      ASSERT_EQ(fine->lattice().at_level(1).pixel_size(), coarse->lattice().pixel_size());
      const LatticeWindow& e = fine->extent();
      const LatticeWindow window{e.col / 2, e.row / 2, e.width / 2, e.height / 2};
      const LayerPlanes level = read_all(*fine, 1, window), direct = read_all(*coarse, 0, window);
      for (std::size_t p = 0; p < level.elevation.size(); ++p)
        ASSERT_TRUE(
            testing_support::same_bits(level.elevation.data()[p], direct.elevation.data()[p]) &&
            testing_support::same_bits(level.uncertainty.data()[p], direct.uncertainty.data()[p]))
            << crs << ", seed " << seed << ", pixel " << p << '\n'
            << random.steps();
      forget();
    }
  }
}

TEST_F(Overview, AConstantStaysConstantAtEveryLevel) {
  SmallRaster raster;
  raster.crs = "EPSG:26919";
  raster.left = 356000, raster.top = 4763000, raster.pixel = 3;
  raster.width = raster.height = 333;
  raster.value = [](int c, int r) { return (c * 7 + r * 3) % 11 == 0 ? std::nan("") : 0.1; };
  write_raster(path("a.tif"), raster);
  const auto fused = open(policy(root_at("EPSG:4326", 5), "  - {provider: raster, path: a.tif}\n"));
  for (int level = 0; level <= 5; ++level) {
    const LatticeWindow& e = fused->extent();
    const LayerPlanes planes = read_all(
        *fused, level, {e.col >> level, e.row >> level, e.width >> level, e.height >> level});
    EXPECT_GT(testing_support::valid_pixels(planes.elevation), 5U) << level;
    for (std::size_t p = 0; p < planes.elevation.size(); ++p) {
      const float value = planes.elevation.data()[p];
      if (value != value) continue;
      ASSERT_EQ(value, 0.1F) << "level " << level;
    }
  }
}

TEST_F(Overview, NoShoalestPixelIsDeeperThanWhatItCovers) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    RandomPolicy random(seed + 70, directory().path(), 30);
    const auto raster =
        open(policy(root_at("EPSG:4326", 30, "overview: shoalest\n"), random.steps()));
    const LatticeWindow& e = raster->extent();
    LayerPlanes fine =
        read_all(*raster, 0, {e.col / 8 * 8, e.row / 8 * 8, e.width / 8 * 8, e.height / 8 * 8});
    for (int level = 1; level <= 3; ++level) {
      const LatticeWindow& f = fine.window;
      LayerPlanes coarse =
          read_all(*raster, level, {f.col / 2, f.row / 2, f.width / 2, f.height / 2});
      for (std::int64_t r = 0; r < coarse.window.height; ++r) {
        for (std::int64_t c = 0; c < coarse.window.width; ++c) {
          std::int64_t best = -1;
          for (std::int64_t k = 0; k < 4; ++k) {
            const float here = fine.elevation.at(2 * c + k % 2, 2 * r + k / 2);
            if (std::isnan(here)) continue;
            if (best < 0 || here > fine.elevation.at(2 * c + best % 2, 2 * r + best / 2)) best = k;
          }
          const float value = coarse.elevation.at(c, r);
          ASSERT_EQ(std::isnan(value), best < 0);
          if (best < 0) continue;
          ASSERT_EQ(value, fine.elevation.at(2 * c + best % 2, 2 * r + best / 2));
          ASSERT_EQ(coarse.source.at(c, r), fine.source.at(2 * c + best % 2, 2 * r + best / 2))
              << "with the source of that sounding";
        }
      }
      fine = std::move(coarse);
    }
    forget();
  }
}

/// Cells of other bands may lie in memory: a coarse cell must not depend on which.
TEST_F(Overview, ShoalestWorksWhateverBandsWereReadBefore) {
  RandomPolicy random(71, directory().path(), 30);
  const auto raster =
      open(policy(root_at("EPSG:4326", 30, "overview: shoalest\n"), random.steps()));
  const LatticeWindow& e = raster->extent();
  const LatticeWindow coarse{e.col >> 1, e.row >> 1, e.width >> 1, e.height >> 1};
  const LayerPlanes expected = read_all(*raster, 1, coarse);
  forget();
  // The first of the four cells under a coarse one with all bands, the others with one.
  const Lattice half = raster->lattice().at_level(1);
  const CellIndex cell =
      half.cell_of(coarse.col + coarse.width / 2, coarse.row + coarse.height / 2);
  const LatticeWindow first = raster->lattice().cell_window({2 * cell.col, 2 * cell.row});
  read_all(*raster, 0, {first.col, first.row, 1, 1});
  LayerPlanes planes;
  raster->read(1, coarse, {true, false, false}, planes, nullptr);
  for (std::size_t p = 0; p < planes.elevation.size(); ++p)
    ASSERT_TRUE(
        testing_support::same_bits(planes.elevation.data()[p], expected.elevation.data()[p]));
  EXPECT_EQ(testing_support::difference(read_all(*raster, 1, coarse), expected), "");
}

}  // namespace
}  // namespace topobathy
