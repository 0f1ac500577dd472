// Law 4: the cache never lies about sources that have changed.
#include <filesystem>

#include "laws/law_test.h"

namespace topobathy {
namespace {

using testing_support::LawTest;
using testing_support::read_all;
using testing_support::SmallRaster;
using testing_support::write_raster;

class ChangedSource : public LawTest {
 protected:
  ChangedSource() { write("a.tif", 1); }

  /// Each version is later than the one before, however coarse the file system's clock.
  void write(const std::string& name, double value) {
    SmallRaster raster;
    raster.left = -70.77, raster.top = 43.02, raster.pixel = 0.001;
    raster.width = raster.height = 60;
    raster.value = [value](int, int) { return value; };
    write_raster(path(name), raster);
    std::filesystem::last_write_time(path(name), std::filesystem::file_time_type::clock::now() +
                                                     std::chrono::seconds(2 * ++version_));
  }
  std::string policy_of(const std::string& files) const {
    return policy("crs: EPSG:4326\nresolution: 30\nextent: [-70.76, 42.99, -70.74, 43.01]\n",
                  "  - {provider: raster, " + files + "}\n");
  }
  float pixel(const std::string& file, CacheMode mode) {
    return read_all(*open(file, mode)).elevation.at(3, 3);
  }
  int version_ = 0;
};

TEST_F(ChangedSource, AReopenedDatasetShowsTheNewPixels) {
  const std::string file = policy_of("path: a.tif");
  for (const CacheMode mode : {CacheMode::kOff, CacheMode::kReadWrite}) {
    write("a.tif", 1);
    EXPECT_EQ(pixel(file, mode), 1.0F);
    write("a.tif", 2);
    EXPECT_EQ(pixel(file, mode), 2.0F);
    write("a.tif", 1);
    EXPECT_EQ(pixel(file, mode), 1.0F);
  }
}

TEST_F(ChangedSource, AReopenedDatasetShowsThemWhileTheOldOneIsStillOpen) {
  const std::string file = policy_of("path: a.tif");
  const auto old = open(file, CacheMode::kReadWrite);
  EXPECT_EQ(read_all(*old).elevation.at(3, 3), 1.0F);
  write("a.tif", 2);
  EXPECT_EQ(pixel(file, CacheMode::kReadWrite), 2.0F);
}

TEST_F(ChangedSource, RefreshLooksAgain) {
  const auto raster = open(policy_of("path: a.tif"), CacheMode::kReadWrite);
  EXPECT_EQ(read_all(*raster).elevation.at(3, 3), 1.0F);
  write("a.tif", 2);
  raster->refresh();
  EXPECT_EQ(read_all(*raster).elevation.at(3, 3), 2.0F);
}

TEST_F(ChangedSource, AFileThatAGlobFindsLaterIsSeen) {
  const std::string file = policy_of("glob: '*.tif'");
  EXPECT_EQ(pixel(file, CacheMode::kReadWrite), 1.0F);
  write("b.tif", 5);
  EXPECT_EQ(pixel(file, CacheMode::kReadWrite), 5.0F);
  std::filesystem::remove(path("b.tif"));
  EXPECT_EQ(pixel(file, CacheMode::kReadWrite), 1.0F);
}

TEST_F(ChangedSource, AReadOnlyCacheServesWhatHoldsAndWritesNothing) {
  const std::string file = policy_of("path: a.tif");
  EXPECT_EQ(pixel(file, CacheMode::kReadOnly), 1.0F);
  EXPECT_FALSE(std::filesystem::exists(path("cache")));
  EXPECT_EQ(pixel(file, CacheMode::kReadWrite), 1.0F);
  const auto before = directory().files();
  forget();
  {
    const auto raster = open(file, CacheMode::kReadOnly);
    EXPECT_EQ(read_all(*raster).elevation.at(3, 3), 1.0F);
    EXPECT_GT(raster->counters().cells_from_cache, 0);
  }
  write("a.tif", 2);
  EXPECT_EQ(pixel(file, CacheMode::kReadOnly), 2.0F);
  EXPECT_EQ(directory().files().size(), before.size());
}

TEST_F(ChangedSource, RenamingThePolicyKeepsItsCells) {
  const std::string root =
      "crs: EPSG:4326\nresolution: 30\nextent: [-70.76, 42.99, -70.74, 43.01]\n";
  const std::string steps = "  - {provider: raster, path: a.tif}\n";
  read_all(*open(policy(root, steps), CacheMode::kReadWrite));
  forget();
  const auto renamed =
      open(policy("description: other words\nversion: '2'\n" + root, steps), CacheMode::kReadWrite);
  read_all(*renamed);
  EXPECT_EQ(renamed->counters().cells_fused, 0);
}

}  // namespace
}  // namespace topobathy
