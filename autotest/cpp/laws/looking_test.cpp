// Laws 6 and 7: opening looks at nothing, reading only at what can be seen.
#include <filesystem>

#include "cache/source_registry.h"
#include "fusion/error.h"
#include "laws/law_test.h"

namespace topobathy {
namespace {

using testing_support::LawTest;
using testing_support::read_all;
using testing_support::SmallRaster;
using testing_support::write_raster;

constexpr const char* kRoot =
    "crs: EPSG:4326\nresolution: 30\nextent: [-70.76, 42.99, -70.74, 43.01]\n";

class Looking : public LawTest {
 protected:
  void write(const std::string& name, int width = 300) const {
    SmallRaster raster;
    raster.left = -70.85, raster.top = 43.10, raster.pixel = 0.001;
    raster.width = width, raster.height = 300;
    raster.value = [](int c, int) { return c * 0.5; };
    write_raster(path(name), raster);
  }
};

TEST_F(Looking, OpeningLooksAtNoSource) {
  const auto raster = open(policy(
      kRoot,
      "  - {provider: raster, path: nowhere/a.tif}\n"
      "  - {provider: raster, glob: 'nowhere/*.tif', operator: metric_feather, blend_distance: 9}\n"
      "  - {provider: raster, index: nowhere/index.gpkg}\n"));
  EXPECT_FALSE(raster->extent().empty());
  EXPECT_EQ(raster->lattice().cell_size(), 186);
  const Counters& counters = raster->counters();
  EXPECT_EQ(counters.cells_fused + counters.cells_from_cache + counters.layers_read +
                counters.layers_occluded + counters.source_pixels_read + counters.bytes_fetched,
            0);
}

TEST_F(Looking, OpeningMakesNoCache) {
  const auto raster =
      open(policy(kRoot, "  - {provider: raster, path: a.tif}\n"), CacheMode::kReadOnly);
  EXPECT_FALSE(std::filesystem::exists(path("cache")));
}

TEST_F(Looking, WithoutAnExtentTheHeadersSayIt) {
  write("a.tif", 150);
  const auto raster =
      open(policy("crs: EPSG:4326\nresolution: 100\n", "  - {provider: raster, path: a.tif}\n"));
  const Lattice& lattice = raster->lattice();
  const LatticeWindow& extent = raster->extent();
  const double step = lattice.pixel_size() * static_cast<double>(1 << raster->coarsest_level());
  EXPECT_NEAR(lattice.x(extent.col), -70.85, step);
  EXPECT_NEAR(lattice.x(extent.right()), -70.70, step);
  EXPECT_EQ(raster->counters().source_pixels_read, 0);
}

TEST_F(Looking, AStepUnderAnOverwriteIsNeverRead) {
  write("top.tif");
  const auto raster = open(policy(kRoot,
                                  "  - {provider: raster, name: lost, path: missing.tif}\n"
                                  "  - {provider: raster, name: top, path: top.tif}\n"));
  const LayerPlanes planes = read_all(*raster);
  EXPECT_FALSE(std::isnan(planes.elevation.at(0, 0)));
  const Counters& counters = raster->counters();
  EXPECT_EQ(counters.layers_read, counters.cells_fused);
  EXPECT_EQ(counters.layers_occluded, counters.cells_fused);
}

/// Looking at a file gives it an id: a hidden one has none, in a cold or a warm cache.
TEST_F(Looking, AStepUnderAnOverwriteIsNotEvenDiscovered) {
  write("top.tif");
  write("hidden.tif");
  const std::string file = policy(kRoot,
                                  "  - {provider: raster, name: hidden, path: hidden.tif}\n"
                                  "  - {provider: raster, name: top, path: top.tif}\n");
  const auto discovered = [&] {
    std::vector<std::string> keys;
    for (const auto& [id, record] : open_source_registry(path("cache"), true)->all())
      if (!record.whole_step) keys.push_back(record.key);
    return keys;
  };
  for (const bool warm : {false, true}) {
    forget();
    const auto raster = open(file, CacheMode::kReadWrite);
    read_all(*raster);
    EXPECT_EQ(discovered(), std::vector<std::string>{"file:top.tif"});
    EXPECT_EQ(raster->counters().cells_fused > 0, !warm);
    EXPECT_EQ(raster->counters().cells_from_cache > 0, warm);
    std::filesystem::remove(path("hidden.tif"));  // and its loss changes nothing
  }
  forget();
  std::filesystem::remove(path("top.tif"));
  EXPECT_THROW(read_all(*open(file, CacheMode::kReadWrite)), Error);
}

TEST_F(Looking, AFullFeatherHidesWhatLiesUnderItsInside) {
  write("top.tif");
  const auto raster = open(policy(kRoot,
                                  "  - {provider: raster, name: lost, path: missing.tif}\n"
                                  "  - {provider: raster, name: top, path: top.tif, operator: "
                                  "metric_feather, blend_distance: 300}\n"));
  read_all(*raster);
  EXPECT_EQ(raster->counters().layers_occluded, raster->counters().cells_fused);
}

TEST_F(Looking, OnlyTheFilesUnderTheWindowAreDecoded) {
  write("top.tif");
  const auto raster = open(policy(kRoot, "  - {provider: raster, path: top.tif}\n"));
  read_all(*raster, 0, {raster->extent().col, raster->extent().row, 1, 1});
  const auto one_cell = raster->counters().source_pixels_read.load();
  EXPECT_GT(one_cell, 0);
  LayerPlanes planes;
  raster->read(0, {0, 0, 20, 20}, {}, planes, nullptr);
  EXPECT_EQ(raster->counters().source_pixels_read, one_cell) << "nothing lies at 0, 0";
}

}  // namespace
}  // namespace topobathy
