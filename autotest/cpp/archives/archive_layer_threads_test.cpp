#include <cpl_vsi.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <random>
#include <set>
#include <thread>

#include "fusion/error.h"
#include "http_fixture.h"
#include "laws/small_raster.h"
#include "providers/align/crs.h"
#include "providers/archive/archive_layer.h"
#include "providers/archive/tuning.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/recent_stamp.h"

namespace topobathy {
namespace {

using testing_support::SmallRaster;
using testing_support::write_raster;

/// What an archive of a few tiles has.
struct Tiles {
  std::vector<Asset> assets;
  std::atomic<int> edition{1};  ///< that the server has
  std::atomic<int> known{1};    ///< that the archive's list names
};

class TileArchive final : public Archive {
 public:
  TileArchive(const ArchiveSetup& setup, std::shared_ptr<Tiles> tiles, std::string root)
      : Archive(setup), tiles_(std::move(tiles)), root_(std::move(root)) {}

  std::vector<Candidate> find(const LonLatBox& box) override {
    const std::string edition = "\"" + std::to_string(tiles_->known) + "\"";
    std::vector<Candidate> found;
    for (Asset asset : tiles_->assets) {
      asset.revision = edition;
      if (touch(asset.box, box)) found.push_back({asset, ""});
    }
    sort_candidates(found);
    return found;
  }
  AssetFile open(const Asset& asset, double /*pixel*/) override { return {root_ + asset.id, ""}; }
  void forget(const Asset&) override { tiles_->known = tiles_->edition.load(); }

 private:
  const std::shared_ptr<Tiles> tiles_;
  const std::string root_;
};

/// Pixels of one read, none shared with another thread.
struct Reading {
  LayerPlanes planes;
  LayerOutcome outcome;
};

Reading read(ArchiveLayer& layer, const Lattice& lattice, const LatticeWindow& window) {
  Reading reading;
  const BlockMask mask(window, true);
  LayerRequest request;
  request.lattice = &lattice;
  request.window = request.core = window;
  request.wanted = &mask;
  reading.planes.window = window;
  reading.planes.elevation.reshape(window.width, window.height);
  reading.planes.uncertainty.reshape(window.width, window.height);
  reading.planes.source.reshape(window.width, window.height);
  reading.outcome = layer.read(request, reading.planes);
  return reading;
}

/// What went wrong; "" = every source was read.
std::string complaint(const LayerOutcome& outcome) {
  if (const auto* const failure = std::get_if<LayerFailure>(&outcome)) return failure->message;
  const auto* const read = std::get_if<LayerRead>(&outcome);
  return read != nullptr ? read->lost : "no coverage";
}

/// How many pixels of `part` are not those of `whole`, bit by bit.
int count_others(const LayerPlanes& whole, const LayerPlanes& part) {
  int others = 0;
  for (std::int64_t r = 0; r < part.window.height; ++r)
    for (std::int64_t c = 0; c < part.window.width; ++c) {
      const std::int64_t col = part.window.col + c - whole.window.col;
      const std::int64_t row = part.window.row + r - whole.window.row;
      const float expected = whole.elevation.at(col, row), found = part.elevation.at(c, r);
      const bool same = std::isnan(expected) ? std::isnan(found)
                                             : expected == found && whole.source.at(col, row) ==
                                                                        part.source.at(c, r);
      if (!same) ++others;
    }
  return others;
}

std::set<float> values_in(const LayerPlanes& planes) {
  std::set<float> values;
  for (std::int64_t r = 0; r < planes.window.height; ++r)
    for (std::int64_t c = 0; c < planes.window.width; ++c)
      if (const float value = planes.elevation.at(c, r); !std::isnan(value)) values.insert(value);
  return values;
}

/// Layers over tiles that lie with a server, which is where cells are opened and sampled by several
/// threads each.
class ArchiveLayerThreads : public HttpTest {
 protected:
  ArchiveLayerThreads() {
    limits_.attempts = 1;
    prepare_vsicurl(setup().endpoints, limits_);
  }
  ~ArchiveLayerThreads() override {
    drop_block_cache();
    VSICurlClearCache();
  }

  std::string make(SmallRaster raster, std::function<double(int, int)> value) {
    raster.cog = true;
    raster.overviews = {};
    raster.value = std::move(value);
    const std::string path = directory_.path() + "/made.tif";
    write_raster(path, raster);
    return content_of(path);
  }
  /// A tile of so many pixels, with one file an edition.
  void add(const std::string& id, const SmallRaster& raster,
           const std::vector<std::function<double(int, int)>>& editions) {
    std::vector<std::string> bodies;
    for (const auto& value : editions)
      bodies.push_back(make(raster, value));
    server_.put(place("/" + id), [this, bodies](const SeenRequest& request) {
      const int edition = tiles_->edition;
      const std::string etag = "\"" + std::to_string(edition) + "\"";
      const std::string wanted = request.header("if-match");
      if (!wanted.empty() && wanted != etag) return refuses(412);
      ScriptedAnswer answer = says(bodies[static_cast<std::size_t>(edition - 1)], etag);
      answer.pause = 0.002;  // so that others ask meanwhile
      return answer;
    });
    Asset asset;
    asset.id = id;
    asset.url = published("/" + id);
    asset.rank = static_cast<double>(tiles_->assets.size());
    asset.box = {raster.left, raster.y(raster.height), raster.x(raster.width), raster.top};
    asset.record.provider = "noaa_bluetopo";
    asset.record.key = "file:" + id;
    asset.record.survey_id = id;
    tiles_->assets.push_back(asset);
  }
  /// One of 0.2 degrees, each edition of one height.
  void add_tile(int editions) {
    SmallRaster raster;
    raster.left = -70.2, raster.top = 43.1, raster.pixel = 0.0005;
    raster.width = raster.height = 400;
    std::vector<std::function<double(int, int)>> heights;
    for (int height = 1; height <= editions; ++height)
      heights.emplace_back([height](int, int) { return height; });
    add("tile.tif", raster, heights);
  }
  /// Rows and columns of tiles of 0.08 degrees that overlap, on grids of their own.
  void add_tiles(int columns, int rows,
                 const std::vector<std::function<double(int, int)>>& editions) {
    for (int row = 0; row < rows; ++row)
      for (int col = 0; col < columns; ++col) {
        SmallRaster raster;
        raster.left = -70.2 + 0.07 * col, raster.top = 43.1 - 0.07 * row;
        raster.pixel = 0.0004 + 0.0001 * ((row + col) % 2);
        raster.width = raster.height = 180;
        add("t" + std::to_string(row) + std::to_string(col) + ".tif", raster, editions);
      }
  }

  std::shared_ptr<ArchiveLayer> layer() {
    ArchiveLayer::Setup setup;
    setup.step.provider = "noaa_bluetopo";
    setup.step.name = "tiles";
    setup.archive =
        std::make_unique<TileArchive>(ArchiveSetup{setup.step, std::make_shared<ArchiveContext>()},
                                      tiles_, "/vsicurl/" + server_.url(place("/")));
    setup.ids = ids_;
    setup.recent = recent_;
    return std::make_shared<ArchiveLayer>(std::move(setup));
  }
  /// A window of up to 300 pixels a side inside of `whole`.
  static LatticeWindow window_in(const LatticeWindow& whole, std::mt19937& random) {
    const auto size = [&](std::int64_t most) {
      return std::min<std::int64_t>(most, 32 + static_cast<std::int64_t>(random() % 270));
    };
    const auto from = [&](std::int64_t room) {
      return room == 0 ? 0 : static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(room));
    };
    const std::int64_t width = size(whole.width), height = size(whole.height);
    return {whole.col + from(whole.width - width), whole.row + from(whole.height - height), width,
            height};
  }

  TestDirectory directory_;
  std::shared_ptr<Tiles> tiles_ = std::make_shared<Tiles>();
  std::shared_ptr<SourceIds> ids_ = std::make_shared<MemorySourceIds>();
  std::chrono::seconds recent_ = kRecent;
  const Lattice lattice_ = Lattice::from_resolution("EPSG:4326", crs_traits("EPSG:4326"), 60);
  const Lattice fine_ = Lattice::from_resolution("EPSG:4326", crs_traits("EPSG:4326"), 20);
};

std::function<double(int, int)> waves(double base) {
  return [base](int c, int r) {
    return (c * r) % 37 == 5 ? std::nan("") : base + std::sin(c * 0.3) + std::cos(r * 0.2);
  };
}

/// While others make the layer forget what it has open, and ask what it knows.
TEST_F(ArchiveLayerThreads, ReadOfOneLayerWhatOneReads) {
  add_tiles(3, 2, {waves(0)});
  const LatticeWindow whole = lattice_.window_of(-70.22, 42.94, -69.96, 43.12);
  const Reading alone = read(*layer(), lattice_, whole);
  ASSERT_EQ("", complaint(alone.outcome));
  const auto shared = layer();
  std::atomic<int> others{0}, complaints{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      for (int i = 0; i < 8; ++i) {
        const Reading reading = read(*shared, lattice_, window_in(whole, random));
        if (std::holds_alternative<NoCoverage>(reading.outcome)) continue;
        if (!complaint(reading.outcome).empty()) ++complaints;
        others += count_others(alone.planes, reading.planes);
      }
    });
  threads.emplace_back([&] {
    for (int i = 0; i < 8; ++i) {
      shared->revalidate();
      shared->may_cover(lattice_, whole);
      shared->revisions(lattice_, whole);
      shared->source_ids(/*look=*/false);
      if (i % 4 == 0) drop_block_cache();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(0, others);
  EXPECT_EQ(0, complaints);
  EXPECT_LT(1, server_.most_at_once());
}

/// Nobody has noticed: the layer has the one cell open, and the archive's list is up to date.
TEST_F(ArchiveLayerThreads, OpenCellsOfAnOldEditionAreOpenedAgain) {
  add_tile(2);
  const auto tile = layer();
  const LatticeWindow both = fine_.window_of(-70.12, 43.01, -70.08, 43.02);
  LatticeWindow one = both;
  one.width = 64;
  ASSERT_LT(fine_.cell_of(one.right(), one.row).col, fine_.cell_of(both.right(), both.row).col);
  EXPECT_EQ(std::set<float>{1}, values_in(read(*tile, fine_, one).planes));
  tiles_->edition = tiles_->known = 2;
  forget_recent_stamps();  // as a dataset that is opened by another thread does
  const Reading reading = read(*tile, fine_, both);
  EXPECT_EQ("", complaint(reading.outcome));
  EXPECT_EQ(std::set<float>{2}, values_in(reading.planes));
}

/// A dataset stays open, and what the layer knew of the list is too old: what it reads now is kept
/// under the edition that the list names now.
TEST_F(ArchiveLayerThreads, ReadTheEditionThatTheirRevisionsName) {
  add_tile(2);
  recent_ = std::chrono::seconds(0);
  const auto tile = layer();
  const LatticeWindow one = fine_.window_of(-70.12, 43.01, -70.11, 43.02);
  ASSERT_EQ(fine_.cell_of(one.col, one.row), fine_.cell_of(one.right(), one.row));
  EXPECT_EQ(std::set<float>{1}, values_in(read(*tile, fine_, one).planes));
  tiles_->edition = tiles_->known = 2;
  forget_recent_stamps();
  EXPECT_EQ("\"2\"", tile->revisions(fine_, one).front().revision);
  const Reading reading = read(*tile, fine_, one);
  EXPECT_EQ("", complaint(reading.outcome));
  EXPECT_EQ(std::set<float>{2}, values_in(reading.planes));
}

/// A tile that lies in many cells is replaced while it is read: a read is of one edition, or fails
/// and names it. (GDAL shares with all threads what one was refused, so that the reason may be
/// another's.)
TEST_F(ArchiveLayerThreads, NeverSeeTwoEditionsOfATile) {
  add_tile(4);
  const LatticeWindow whole = fine_.window_of(-70.19, 42.91, -70.01, 43.09);
  const auto shared = layer();
  std::atomic<int> mixed{0}, readers{4};
  std::vector<std::string> unexplained[4];
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      for (int i = 0; i < 40; ++i) {
        const Reading reading = read(*shared, fine_, window_in(whole, random));
        const std::string said = complaint(reading.outcome);
        if (said.empty())
          mixed += values_in(reading.planes).size() != 1;
        else if (said.find("/tile.tif'") == std::string::npos)
          unexplained[t].push_back(said);
      }
      --readers;
    });
  for (int edition = 2; edition <= 4 && readers > 0; ++edition) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    tiles_->edition = edition;
    forget_recent_stamps();  // as a dataset that is opened by another thread does
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(0, mixed);
  for (const auto& said : unexplained)
    EXPECT_THAT(said, testing::IsEmpty());
}

}  // namespace
}  // namespace topobathy
