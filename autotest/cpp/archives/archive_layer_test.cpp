#include "providers/archive/archive_layer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "cache/test_directory.h"
#include "fusion/error.h"
#include "laws/small_raster.h"
#include "providers/align/crs.h"

namespace topobathy {
namespace {

using testing_support::SmallRaster;
using testing_support::write_raster;

/// What an archive of local files has; shared, so that a test can change it.
struct Shelf {
  std::vector<Candidate> candidates;
  std::set<std::string> broken;  ///< ids that cannot be opened
  std::vector<std::string> opened;
};

class LocalArchive final : public Archive {
 public:
  LocalArchive(const ArchiveSetup& setup, std::shared_ptr<Shelf> shelf)
      : Archive(setup), shelf_(std::move(shelf)) {}

  std::vector<Candidate> find(const LonLatBox& box) override {
    std::vector<Candidate> found;
    for (const Candidate& candidate : shelf_->candidates)
      if (touch(candidate.asset.box, box)) found.push_back(candidate);
    sort_candidates(found);
    return found;
  }
  AssetFile open(const Asset& asset, double /*pixel*/) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    shelf_->opened.push_back(asset.id);
    if (shelf_->broken.count(asset.id) != 0)
      throw Error(ErrorCode::kUnreadable, asset.id + " does not answer");
    return {asset.url, ""};
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Shelf> shelf_;
};

class ArchiveLayerTest : public testing::Test {
 protected:
  /// A tile of the archive; constant, or a wavy ground.
  void add(const std::string& id, double rank, double left, double top, double pixel, int width,
           int height, std::function<double(int, int)> value) {
    SmallRaster raster;
    raster.left = left, raster.top = top, raster.pixel = pixel;
    raster.width = width, raster.height = height;
    raster.overviews = {2, 4};
    raster.value = std::move(value);
    Asset asset;
    asset.id = id;
    asset.url = directory_.path() + "/" + id + ".tif";
    write_raster(asset.url, raster);
    asset.rank = rank;
    asset.revision = "1";
    asset.box = {left, raster.y(height), raster.x(width), top};
    asset.record.provider = "noaa_bluetopo";
    asset.record.key = "file:" + id;
    asset.record.survey_id = id;
    shelf_->candidates.push_back({asset, ""});
  }
  static std::function<double(int, int)> constant(double value) {
    return [value](int, int) { return value; };
  }
  static std::function<double(int, int)> waves(double base) {
    return [base](int c, int r) {
      return (c * r) % 37 == 5 ? std::nan("") : base + std::sin(c * 0.3) + std::cos(r * 0.2);
    };
  }

  std::shared_ptr<ArchiveLayer> layer() {
    Step step;
    step.provider = "noaa_bluetopo";
    step.name = "tiles";
    ArchiveLayer::Setup setup;
    setup.step = step;
    setup.archive = std::make_unique<LocalArchive>(
        ArchiveSetup{step, std::make_shared<ArchiveContext>()}, shelf_);
    setup.ids = ids_;
    return std::make_shared<ArchiveLayer>(std::move(setup));
  }

  LayerOutcome read(ArchiveLayer& from, const Lattice& lattice, const LatticeWindow& window) {
    const BlockMask mask(window, true);
    LayerRequest request;
    request.lattice = &lattice;
    request.window = request.core = window;
    request.wanted = &mask;
    planes_.window = window;
    planes_.elevation.reshape(window.width, window.height);
    planes_.uncertainty.reshape(window.width, window.height);
    planes_.source.reshape(window.width, window.height);
    return from.read(request, planes_);
  }
  /// The value at a place, of the last read.
  float at(const Lattice& lattice, double lon, double lat) const {
    const auto col = static_cast<std::int64_t>(std::floor(lon / lattice.pixel_size()));
    const auto row = static_cast<std::int64_t>(std::floor(-lat / lattice.pixel_size()));
    return planes_.elevation.at(col - planes_.window.col, row - planes_.window.row);
  }

  TestDirectory directory_;
  std::shared_ptr<Shelf> shelf_ = std::make_shared<Shelf>();
  std::shared_ptr<SourceIds> ids_ = std::make_shared<MemorySourceIds>();
  const Lattice lattice_ = Lattice::from_resolution("EPSG:4326", crs_traits("EPSG:4326"), 60);
  LayerPlanes planes_;
};

/// Law 1 where an archive's tiles of several grids and sizes lie across many cells.
TEST_F(ArchiveLayerTest, APixelDependsOnNoWindow) {
  add("a", 1, -70.12, 43.08, 0.0005, 240, 200, waves(0));
  add("b", 1, -70.0, 43.08, 0.0005, 240, 200, waves(5));       // on a's grid, beside it
  add("c", 2, -70.06, 43.0603, 0.0007, 170, 140, waves(20));   // over both, on another
  add("d", 3, -70.12, 42.9801, 0.0005, 480, 160, waves(-10));  // a's size, another phase
  add("coarse", 0, -70.3, 43.2, 0.01, 60, 60, waves(-50));
  std::mt19937 random(11);
  for (const int level : {0, 2}) {
    const Lattice lattice = lattice_.at_level(level);
    const LatticeWindow whole = lattice.window_of(-70.2, 42.85, -69.85, 43.12);
    const auto once = layer();
    ASSERT_TRUE(std::holds_alternative<LayerRead>(read(*once, lattice, whole)));
    const LayerPlanes all = planes_;
    const auto other = layer();  // opens its files in another order
    for (int k = 0; k < 40; ++k) {
      const auto up_to = [&](std::int64_t n) {
        return static_cast<std::int64_t>(random() % static_cast<unsigned>(n));
      };
      const std::int64_t col = up_to(whole.width), row = up_to(whole.height);
      const LatticeWindow part{whole.col + col, whole.row + row, 1 + up_to(whole.width - col),
                               1 + up_to(whole.height - row)};
      read(*other, lattice, part);
      for (std::int64_t r = 0; r < part.height; ++r)
        for (std::int64_t c = 0; c < part.width; ++c) {
          const float expected = all.elevation.at(col + c, row + r);
          const float found = planes_.elevation.at(c, r);
          ASSERT_TRUE(expected == found || (expected != expected && found != found))
              << "level " << level << ": " << expected << " " << found;
          if (found == found) {
            ASSERT_EQ(all.source.at(col + c, row + r), planes_.source.at(c, r));
          }
        }
    }
  }
}

/// Two files of one grid with a file of another between them in rank.
TEST_F(ArchiveLayerTest, RankDecidesAlsoBetweenFilesOfOneGrid) {
  add("low", 1, -70.05, 43.03, 0.001, 40, 40, constant(1));      // -70.05 .. -70.01
  add("middle", 2, -70.03, 43.03, 0.0013, 30, 30, constant(2));  // -70.03 .. -69.99
  add("high", 3, -70.01, 43.03, 0.001, 40, 40, constant(3));     // low's grid, -70.01 .. -69.97
  const auto tiles = layer();
  read(*tiles, lattice_, lattice_.window_of(-70.06, 42.98, -69.96, 43.04));
  EXPECT_EQ(1, at(lattice_, -70.045, 43.01));
  EXPECT_EQ(2, at(lattice_, -70.02, 43.01));
  EXPECT_EQ(3, at(lattice_, -70.005, 43.01));
  EXPECT_EQ(3, at(lattice_, -69.98, 43.01));
  EXPECT_TRUE(std::isnan(at(lattice_, -70.055, 43.01)));
}

TEST_F(ArchiveLayerTest, WhatCannotBeOpenedIsToldAndTriedAgain) {
  add("good", 1, -70.05, 43.03, 0.001, 40, 40, constant(1));
  add("bad", 2, -70.05, 43.03, 0.001, 20, 40, constant(2));
  shelf_->broken.insert("bad");
  const auto tiles = layer();
  const LatticeWindow window = lattice_.window_of(-70.05, 43.0, -70.01, 43.03);
  const auto lost = read(*tiles, lattice_, window);
  ASSERT_TRUE(std::holds_alternative<LayerRead>(lost));
  EXPECT_EQ("bad does not answer", std::get<LayerRead>(lost).lost);
  EXPECT_EQ(1, at(lattice_, -70.04, 43.01));
  shelf_->broken.clear();
  EXPECT_EQ("", std::get<LayerRead>(read(*tiles, lattice_, window)).lost);
  EXPECT_EQ(2, at(lattice_, -70.04, 43.01));
  shelf_->broken = {"good", "bad"};
  const auto none = read(*layer(), lattice_, window);
  ASSERT_TRUE(std::holds_alternative<LayerFailure>(none));
  EXPECT_EQ("good does not answer", std::get<LayerFailure>(none).message);
}

TEST_F(ArchiveLayerTest, WhatIsLeftOutIsNotOpened) {
  add("in", 1, -70.05, 43.03, 0.001, 40, 40, constant(1));
  add("out", 2, -70.05, 43.03, 0.001, 40, 40, constant(2));
  shelf_->candidates[1].excluded = "older than min_year 2015";
  const auto tiles = layer();
  const LatticeWindow window = lattice_.window_of(-70.05, 43.0, -70.01, 43.03);
  read(*tiles, lattice_, window);
  EXPECT_EQ(0, std::count(shelf_->opened.begin(), shelf_->opened.end(), "out"));
  EXPECT_EQ((std::vector<SourceRevision>{{"noaa_bluetopo:in", "1"}}),
            tiles->revisions(lattice_, window));
  EXPECT_FALSE(tiles->may_cover(lattice_, lattice_.window_of(-60.05, 43.0, -60.01, 43.03)));
}

TEST_F(ArchiveLayerTest, FilesOfACellAreOpenedOnce) {
  add("one", 1, -70.05, 43.03, 0.001, 40, 40, constant(1));
  const auto tiles = layer();
  const LatticeWindow window = lattice_.window_of(-70.045, 43.005, -70.015, 43.025);
  read(*tiles, lattice_, window);
  const std::size_t cells = shelf_->opened.size();
  read(*tiles, lattice_, window);
  EXPECT_EQ(cells, shelf_->opened.size());
  tiles->revalidate();
  read(*tiles, lattice_, window);
  EXPECT_EQ(2 * cells, shelf_->opened.size());
}

}  // namespace
}  // namespace topobathy
