#include "cache/kept_layer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <thread>

#include "cache/test_directory.h"
#include "fusion/source_ids.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

/// A layer whose pixel says where it is, and that counts the blocks it is asked for.
class CountingLayer final : public LayerSource {
 public:
  std::atomic<int> blocks{0};
  std::string revision = "1", lost, failure;
  bool nothing = false;  ///< there are sources, but no pixels of theirs
  bool covers = true;
  SourceId source = kNoSource;

  bool may_cover(const Lattice&, const LatticeWindow&) override { return covers; }
  std::vector<SourceRevision> revisions(const Lattice&, const LatticeWindow&) override {
    return {{"archive", revision}};
  }
  LayerOutcome read(const LayerRequest& request, LayerPlanes& planes) override {
    if (!failure.empty()) return LayerFailure{failure};
    const BlockMask& mask = *request.wanted;
    for (std::int64_t b = mask.top(); b < mask.top() + mask.rows(); ++b)
      for (std::int64_t a = mask.left(); a < mask.left() + mask.columns(); ++a)
        if (mask.wanted(a, b)) fill(request, BlockMask::pixels(a, b), planes);
    if (nothing) return NoCoverage{};
    return LayerRead{lost};
  }
  std::optional<LonLatBox> lonlat_extent() override { return std::nullopt; }
  std::size_t named_sources() const override { return 1; }
  std::vector<SourceId> source_ids(bool) override { return {}; }
  bool revalidate() override { return false; }

  static float value(std::int64_t col, std::int64_t row) {
    return (col * 7 + row * 3) % 11 == 0 ? kNoValue : static_cast<float>(col * 1000 + row);
  }

 private:
  void fill(const LayerRequest& request, const LatticeWindow& block, LayerPlanes& planes) {
    ++blocks;
    const LatticeWindow part = block.intersect(request.window);
    for (std::int64_t r = part.row; r < part.bottom(); ++r)
      for (std::int64_t c = part.col; c < part.right(); ++c) {
        const std::int64_t x = c - request.window.col, y = r - request.window.row;
        planes.elevation.at(x, y) = nothing ? kNoValue : value(c, r);
        planes.uncertainty.at(x, y) = static_cast<float>(c);
        planes.source.at(x, y) = source;
      }
  }
};

class KeptLayerTest : public testing::Test {
 protected:
  KeptLayerTest() {
    SourceRecord record;
    record.provider = "noaa_bluetopo";
    record.key = "survey:H1";
    record.resolution = 4;
    record.interpolated = true;
    layer_->source = ids_->assign(record);
  }

  std::unique_ptr<KeptLayer> kept(bool may_write = true, const std::string& identity = "{}") {
    KeptLayer::Setup setup;
    setup.layer = layer_;
    setup.ids = ids_;
    setup.provider = "noaa_bluetopo";
    setup.identity = identity;
    setup.root = directory_.path() + "/" + std::to_string(root_);
    setup.may_write = may_write;
    return std::make_unique<KeptLayer>(std::move(setup));
  }

  /// Reads a window with every block wanted, `core` for itself.
  LayerOutcome read(KeptLayer& layer, const LatticeWindow& window, const LatticeWindow& core) {
    mask_ = BlockMask(window, true);
    LayerRequest request;
    request.lattice = &lattice_;
    request.window = window;
    request.core = core;
    request.wanted = &mask_;
    planes_.window = window;
    planes_.elevation = Plane<float>(window.width, window.height, -1.0F);
    planes_.uncertainty = Plane<float>(window.width, window.height, -1.0F);
    planes_.source = Plane<SourceId>(window.width, window.height, 5);
    return layer.read(request, planes_);
  }

  void expect_pixels() const {
    const LatticeWindow& window = planes_.window;
    for (std::int64_t r = 0; r < window.height; ++r)
      for (std::int64_t c = 0; c < window.width; ++c) {
        const float expected = CountingLayer::value(window.col + c, window.row + r);
        const float found = planes_.elevation.at(c, r);
        ASSERT_TRUE(expected == found || (expected != expected && found != found)) << c << " " << r;
        if (found != found) continue;
        ASSERT_EQ(layer_->source, planes_.source.at(c, r));
      }
  }

  int files() const {
    const fs::path folder = directory_.path() + "/" + std::to_string(root_) + "/noaa_bluetopo/zarr";
    if (!fs::exists(folder)) return 0;
    int count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder))
      ++count;
    return count;
  }
  /// As another process: a cache of its own that holds the same files.
  void move_root() {
    const std::string from = directory_.path() + "/" + std::to_string(root_++);
    fs::copy(from, directory_.path() + "/" + std::to_string(root_), fs::copy_options::recursive);
  }

  TestDirectory directory_;
  int root_ = 0;
  std::shared_ptr<CountingLayer> layer_ = std::make_shared<CountingLayer>();
  std::shared_ptr<SourceIds> ids_ = std::make_shared<MemorySourceIds>();
  CrsTraits traits_{CrsTraits::Kind::kProjected, 1.0, 6378137.0, 298.257223563};
  Lattice lattice_ = Lattice::from_resolution("EPSG:32619", traits_, 10);
  const LatticeWindow cell_ = lattice_.cell_window({3, -2});
  BlockMask mask_;
  LayerPlanes planes_;
};

TEST_F(KeptLayerTest, ACellIsReadOnceForAllProcesses) {
  const auto layer = kept();
  EXPECT_TRUE(std::holds_alternative<LayerRead>(read(*layer, cell_, cell_)));
  expect_pixels();
  EXPECT_EQ(16 * 16, layer_->blocks);
  read(*layer, cell_, cell_);
  move_root();
  read(*kept(), cell_, cell_);
  expect_pixels();
  EXPECT_EQ(16 * 16, layer_->blocks);
  EXPECT_EQ(1, files());
}

TEST_F(KeptLayerTest, WhatASourceSaysOfItselfIsKept) {
  read(*kept(), cell_, cell_);
  move_root();
  ids_ = std::make_shared<MemorySourceIds>();
  read(*kept(), cell_, cell_);
  const auto record = ids_->find(layer_->source);
  ASSERT_TRUE(record);
  EXPECT_EQ(4, record->resolution);
  EXPECT_TRUE(record->interpolated);
}

TEST_F(KeptLayerTest, ANeighbourLendsTheBlocksOfItsEdge) {
  // 20 pixels of halo around the cell: one row of blocks of each neighbour.
  const LatticeWindow window = cell_.grow(20, 20);
  read(*kept(), window, cell_);
  expect_pixels();
  EXPECT_EQ(16 * 16 + 4 * 16 + 4, layer_->blocks);
  EXPECT_EQ(9, files());
  // The neighbour for itself: its other blocks, and the edges of its own neighbours.
  layer_->blocks = 0;
  const LatticeWindow east = lattice_.cell_window({4, -2});
  move_root();
  read(*kept(), east, east);
  expect_pixels();
  EXPECT_EQ(15 * 16, layer_->blocks);
}

TEST_F(KeptLayerTest, AnyWindowHasThePixelsOfTheLayer) {
  std::mt19937 random(3);
  const auto layer = kept();
  for (int k = 0; k < 25; ++k) {
    const auto at = [&](std::int64_t from, int span) {
      return from + static_cast<std::int64_t>(random() % static_cast<unsigned>(span));
    };
    const LatticeWindow window{at(cell_.col - 200, 600), at(cell_.row - 200, 600), at(1, 300),
                               at(1, 300)};
    read(*layer, window, window);
    expect_pixels();
  }
}

TEST_F(KeptLayerTest, AnotherRevisionIsAMiss) {
  read(*kept(), cell_, cell_);
  layer_->revision = "2";
  layer_->blocks = 0;
  read(*kept(), cell_, cell_);
  EXPECT_EQ(16 * 16, layer_->blocks);
  EXPECT_EQ(1, files());
}

TEST_F(KeptLayerTest, AnotherProductIsAnotherCell) {
  read(*kept(), cell_, cell_);
  read(*kept(true, R"({"product":"other"})"), cell_, cell_);
  EXPECT_EQ(2 * 16 * 16, layer_->blocks);
  EXPECT_EQ(2, files());
}

TEST_F(KeptLayerTest, WhatIsLostIsNotKept) {
  const auto layer = kept();
  layer_->lost = "H2.bag does not answer";
  const auto outcome = read(*layer, cell_, cell_);
  ASSERT_TRUE(std::holds_alternative<LayerRead>(outcome));
  EXPECT_EQ("H2.bag does not answer", std::get<LayerRead>(outcome).lost);
  expect_pixels();
  EXPECT_EQ(0, files());
  layer_->lost.clear();
  layer_->failure = "the archive does not answer";
  EXPECT_EQ("the archive does not answer",
            std::get<LayerFailure>(read(*layer, cell_, cell_)).message);
  EXPECT_EQ(0, files());
  layer_->failure.clear();
  EXPECT_EQ("", std::get<LayerRead>(read(*layer, cell_, cell_)).lost);
  expect_pixels();
  EXPECT_EQ(1, files());
}

TEST_F(KeptLayerTest, ACellInMemoryGetsTheIdsOfTheRegistryInUse) {
  const LatticeWindow cell = lattice_.cell_window({0, 0});
  read(*kept(), cell, cell);
  const SourceId before = layer_->source;
  const SourceRecord record = *ids_->find(before);
  ids_ = std::make_shared<MemorySourceIds>();  // somebody deleted the cache's registry
  SourceRecord other = record;
  other.location = "another edition of the same name";
  ASSERT_EQ(before, ids_->assign(other));  // one key, so both prefer one id
  layer_->blocks = 0;
  read(*kept(), cell, cell);
  EXPECT_EQ(0, layer_->blocks);
  layer_->source = ids_->assign(record);
  ASSERT_NE(before, layer_->source);
  expect_pixels();
}

TEST_F(KeptLayerTest, NothingThereIsKeptToo) {
  layer_->nothing = true;
  EXPECT_TRUE(std::holds_alternative<NoCoverage>(read(*kept(), cell_, cell_)));
  EXPECT_TRUE(std::holds_alternative<NoCoverage>(read(*kept(), cell_, cell_)));
  EXPECT_EQ(16 * 16, layer_->blocks);
  EXPECT_TRUE(std::isnan(planes_.elevation.at(7, 7)));
}

/// Neighbours ask for the edge of such a cell.
TEST_F(KeptLayerTest, WhereNoSourceIsNothingIsReadNorKept) {
  layer_->covers = false;
  EXPECT_TRUE(std::holds_alternative<NoCoverage>(read(*kept(), cell_, cell_)));
  EXPECT_EQ(0, layer_->blocks);
  EXPECT_TRUE(std::isnan(planes_.elevation.at(7, 7)));
  EXPECT_FALSE(fs::exists(directory_.path() + "/" + std::to_string(root_) + "/noaa_bluetopo"));
}

TEST_F(KeptLayerTest, ADamagedCellIsReadAnew) {
  read(*kept(), cell_, cell_);
  move_root();
  const fs::path folder = directory_.path() + "/" + std::to_string(root_) + "/noaa_bluetopo/zarr";
  for (const auto& entry : fs::directory_iterator(folder))
    std::ofstream(entry.path(), std::ios::binary | std::ios::trunc) << "torn";
  layer_->blocks = 0;
  read(*kept(), cell_, cell_);
  expect_pixels();
  EXPECT_EQ(16 * 16, layer_->blocks);
}

TEST_F(KeptLayerTest, AReadOnlyCacheIsNotWritten) {
  read(*kept(false), cell_, cell_);
  expect_pixels();
  EXPECT_EQ(0, files());
}

TEST_F(KeptLayerTest, ThreadsReadEachBlockOnce) {
  const auto one = kept(), other = kept();
  std::vector<std::thread> threads;
  for (int k = 0; k < 8; ++k)
    threads.emplace_back([&, k] {
      BlockMask mask(cell_, true);
      LayerRequest request;
      request.lattice = &lattice_;
      request.window = request.core = cell_;
      request.wanted = &mask;
      LayerPlanes planes;
      planes.window = cell_;
      planes.elevation = Plane<float>(cell_.width, cell_.height);
      planes.uncertainty = Plane<float>(cell_.width, cell_.height);
      planes.source = Plane<SourceId>(cell_.width, cell_.height);
      (k % 2 ? one : other)->read(request, planes);
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(16 * 16, layer_->blocks);
}

}  // namespace
}  // namespace topobathy
