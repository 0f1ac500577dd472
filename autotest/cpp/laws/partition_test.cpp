// Law 1: a pixel's values depend on policy, lattice, level and sources alone.
#include <random>

#include "laws/law_test.h"
#include "laws/random_policy.h"

namespace topobathy {
namespace {

using testing_support::difference;
using testing_support::fused_at_once;
using testing_support::LawTest;
using testing_support::RandomPolicy;
using testing_support::read_all;
using testing_support::valid_pixels;

constexpr const char* kCrs[] = {"EPSG:4326", "EPSG:3857", "EPSG:26919"};

/// Around the corner of four cells at 70.75 W, 43.0 N.
LatticeWindow around_corner(const Lattice& lattice, std::int64_t width, std::int64_t height) {
  double x = RandomPolicy::kLon, y = RandomPolicy::kLat;
  Transformer("EPSG:4326", lattice.crs()).transform(1, &x, &y);
  const LatticeWindow pixel = lattice.window_of(x, y, x, y + lattice.pixel_size());
  return {pixel.col - width / 2, pixel.row - height / 2, width, height};
}

class Partition : public LawTest, public ::testing::WithParamInterface<int> {
 protected:
  LatticeWindow random_part(const LatticeWindow& whole, bool one_pixel) {
    const auto pick = [&](std::int64_t limit) {
      return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random_);
    };
    const std::int64_t c = pick(whole.width), r = pick(whole.height);
    const LatticeWindow part{whole.col + c, whole.row + r, one_pixel ? 1 : 1 + pick(60),
                             one_pixel ? 1 : 1 + pick(60)};
    return part.intersect(whole);
  }
  std::mt19937 random_{2024};
};

TEST_P(Partition, AnAreaFusedAtOnceEqualsAnyWindowsOfIt) {
  std::size_t valid = 0;
  for (unsigned round = 0; round < 4; ++round) {
    const unsigned seed = static_cast<unsigned>(GetParam()) * 100 + round;
    RandomPolicy random(seed, directory().path(), 20);
    const std::string crs = kCrs[seed % 3];
    const auto raster = open(policy(random.root(crs), random.steps()));
    const auto plan =
        make_plan(raster->policy(), raster->lattice(), std::make_shared<MemorySourceIds>());
    for (int level = 0; level <= 2; ++level) {
      const Lattice lattice = raster->lattice().at_level(level);
      const LatticeWindow window = around_corner(lattice, 130 >> level, 110 >> level);
      const LayerPlanes whole = fused_at_once(*plan, lattice, window);
      valid += valid_pixels(whole.elevation);
      for (int k = 0; k < 14; ++k) {
        const LatticeWindow part = random_part(window, k % 2 == 0);
        ASSERT_EQ(difference(fused_at_once(*plan, lattice, part), whole), "")
            << "seed " << seed << ", level " << level << ", window " << part.col << ' ' << part.row
            << ' ' << part.width << ' ' << part.height << '\n'
            << random.steps();
      }
    }
    forget();
  }
  EXPECT_GT(valid, 1000U) << "the rounds saw no data";
}

TEST_P(Partition, CellsThreadsAndCachesDoNotShow) {
  const auto seed = static_cast<unsigned>(GetParam()) + 5000;
  RandomPolicy random(seed, directory().path(), 30);
  const std::string file = policy(random.root("EPSG:4326"), random.steps());
  const auto off = open(file);
  const auto plan = make_plan(off->policy(), off->lattice(), std::make_shared<MemorySourceIds>());
  for (int level = 0; level <= 2; ++level) {
    const Lattice lattice = off->lattice().at_level(level);
    const LatticeWindow window = around_corner(lattice, 140, 120);
    const LayerPlanes whole = fused_at_once(*plan, lattice, window);
    const auto check = [&](const char* what, FusedRaster& raster) {
      ASSERT_EQ(difference(read_all(raster, level, window), whole), "")
          << what << ", seed " << seed << ", level " << level << '\n'
          << random.steps();
    };
    check("one thread", *off);
    forget();
    check("four threads", *open(file, CacheMode::kOff, 4));
    forget();
    const auto cold = open(file, CacheMode::kReadWrite, 2);
    check("cold cache", *cold);
    EXPECT_EQ(cold->counters().cells_from_cache, 0);
    cold->refresh();
    const auto fused = cold->counters().cells_fused.load();
    check("warm cache", *cold);
    EXPECT_EQ(cold->counters().cells_fused, fused) << "a warm read fuses nothing";
    EXPECT_GT(cold->counters().cells_from_cache, 0);
    forget();
    check("read-only cache", *open(file, CacheMode::kReadOnly, 1));
    for (int k = 0; k < 6; ++k) {
      const LatticeWindow part = random_part(window, k % 2 == 0);
      ASSERT_EQ(difference(read_all(*off, level, part), whole), "");
    }
    forget();
  }
}

INSTANTIATE_TEST_SUITE_P(Law1, Partition, ::testing::Range(0, 12));

}  // namespace
}  // namespace topobathy
