#include "providers/archive/discovery_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "archives/fake_clock.h"
#include "cache/test_directory.h"
#include "fusion/error.h"
#include "providers/archive/asset_json.h"

namespace topobathy {
namespace {

Asset asset(const std::string& id, const LonLatBox& box) {
  Asset made;
  made.id = id;
  made.url = "https://archive.example/" + id;
  made.box = box;
  made.revision = "1";
  return made;
}

std::string ids(const std::vector<Asset>& assets) {
  std::string text;
  for (const Asset& each : assets)
    text += each.id + " ";
  return text;
}

class DiscoveryCacheTest : public testing::Test {
 protected:
  DiscoveryCache::Setup setup() {
    DiscoveryCache::Setup made;
    made.path = directory_.path() + "/archive/discovery.sqlite";
    made.clock = &clock_;
    made.warn = [this](const std::string& message) { warnings_.push_back(message); };
    return made;
  }
  /// What the archive has now, counted.
  DiscoveryCache::Ask archive() {
    return [this](const std::string& note) {
      ++asked_;
      note_ = note;
      if (down_) throw Error(ErrorCode::kUnreadable, "archive.example does not answer");
      return Discovery{assets_, 1000, "edition 1"};
    };
  }
  std::string find(DiscoveryCache& cache, const LonLatBox& box = {-180, -90, 180, 90}) {
    return ids(cache.find("all", box, archive()));
  }

  TestDirectory directory_;
  FakeClock clock_;
  std::vector<std::string> warnings_;
  std::vector<Asset> assets_ = {asset("a", {0, 0, 1, 1}), asset("b", {2, 0, 3, 1})};
  std::atomic<int> asked_{0};
  bool down_ = false;
  std::string note_;
};

TEST_F(DiscoveryCacheTest, AsksOnceAndRemembersBetweenProcesses) {
  {
    DiscoveryCache cache(setup());
    EXPECT_EQ("a b ", find(cache));
    EXPECT_EQ("b ", find(cache, {1.5, 0.5, 2, 0.6}));
    EXPECT_EQ("", find(cache, {5, 5, 6, 6}));
  }
  DiscoveryCache other(setup());
  EXPECT_EQ("a ", find(other, {0.5, 0.5, 0.6, 0.6}));
  EXPECT_EQ(1, asked_);
}

TEST_F(DiscoveryCacheTest, AsksAgainWhenItsAnswerHasExpired) {
  DiscoveryCache cache(setup());
  find(cache);
  assets_.pop_back();
  clock_.advance(999);
  EXPECT_EQ("a b ", find(cache));
  clock_.advance(2);
  EXPECT_EQ("a ", find(cache));
  EXPECT_EQ("edition 1", note_);
}

TEST_F(DiscoveryCacheTest, NothingThereIsBelievedForHoursOnly) {
  assets_.clear();
  DiscoveryCache cache(setup());
  const auto nothing = [this](const std::string&) {
    ++asked_;
    return Discovery{{}, 365 * 86400, ""};
  };
  EXPECT_TRUE(cache.find("all", {0, 0, 1, 1}, nothing).empty());
  clock_.advance(DiscoveryCache::kNegativeSeconds - 1);
  cache.find("all", {0, 0, 1, 1}, nothing);
  EXPECT_EQ(1, asked_);
  clock_.advance(2);
  cache.find("all", {0, 0, 1, 1}, nothing);
  EXPECT_EQ(2, asked_);
}

TEST_F(DiscoveryCacheTest, AnOutageIsNeverRememberedAsNoCoverage) {
  DiscoveryCache cache(setup());
  down_ = true;
  EXPECT_THROW(find(cache), Error);
  EXPECT_THROW(find(cache), Error);
  down_ = false;
  EXPECT_EQ("a b ", find(cache));
}

TEST_F(DiscoveryCacheTest, AnOldAnswerServesWhileTheArchiveIsDownAndSaysSo) {
  DiscoveryCache cache(setup());
  find(cache);
  clock_.advance(2000);
  down_ = true;
  EXPECT_EQ("a b ", find(cache));
  ASSERT_EQ(1U, warnings_.size());
  EXPECT_EQ("archive.example does not answer; what was known before is used", warnings_[0]);
  EXPECT_EQ("a b ", find(cache));
  EXPECT_EQ(2, asked_) << "it is left alone for a minute";
  down_ = false;
  assets_.pop_back();
  clock_.advance(DiscoveryCache::kRetrySeconds + 1);
  EXPECT_EQ("a ", find(cache));
}

TEST_F(DiscoveryCacheTest, ExpireAsksAgainButForgetsNothing) {
  DiscoveryCache cache(setup());
  find(cache);
  cache.expire("all");
  down_ = true;
  EXPECT_EQ("a b ", find(cache));
  EXPECT_EQ(2, asked_);
}

TEST_F(DiscoveryCacheTest, OfflineTakesWhatIsKnownWhateverItsAge) {
  {
    DiscoveryCache cache(setup());
    find(cache);
  }
  clock_.advance(1e7);
  down_ = true;
  auto offline = setup();
  offline.offline = true;
  DiscoveryCache cache(offline);
  EXPECT_EQ("a b ", find(cache));
  EXPECT_EQ(1, asked_);
  EXPECT_THROW(cache.find("other", {0, 0, 1, 1}, archive()), Error);
}

TEST_F(DiscoveryCacheTest, ThreadsAskOnce) {
  DiscoveryCache one(setup()), other(setup());
  std::vector<std::thread> threads;
  for (int k = 0; k < 8; ++k)
    threads.emplace_back([&, k] { EXPECT_EQ("a b ", find(k % 2 ? one : other)); });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(1, asked_);
}

TEST_F(DiscoveryCacheTest, AReadOnlyCacheKeepsAnswersForItself) {
  auto read_only = setup();
  read_only.read_only = true;
  DiscoveryCache cache(read_only);
  EXPECT_EQ("a b ", find(cache));
  EXPECT_EQ("a b ", find(cache));
  EXPECT_EQ(1, asked_);
  EXPECT_FALSE(std::ifstream(read_only.path).good());
}

TEST_F(DiscoveryCacheTest, ADamagedFileIsMadeAnew) {
  {
    DiscoveryCache cache(setup());
    find(cache);
  }
  std::ofstream(setup().path, std::ios::binary) << std::string(9000, 'x');
  DiscoveryCache cache(setup());
  EXPECT_EQ("a b ", find(cache));
  DiscoveryCache again(setup());
  EXPECT_EQ("a b ", find(again));
  EXPECT_EQ(2, asked_);
}

/// The index finds just what a look at every box finds, on any turn round the world.
TEST_F(DiscoveryCacheTest, FindsWhatTouches) {
  std::mt19937 random(1);
  const auto number = [&](double from, double to) {
    return from + (to - from) * static_cast<double>(random() % 100000) / 100000;
  };
  const auto box = [&] {
    const double west = number(-180, 180), south = number(-90, 85);
    double east = west + number(0, 10);
    if (east > 180 && random() % 2) east -= 360;
    return LonLatBox{west, south, east, south + number(0, 5)};
  };
  assets_.clear();
  for (int k = 0; k < 500; ++k)
    assets_.push_back(asset("t" + std::to_string(1000 + k), box()));
  DiscoveryCache cache(setup());
  find(cache);
  for (int k = 0; k < 300; ++k) {
    const LonLatBox wanted = box();
    std::vector<Asset> expected;
    for (const Asset& each : assets_)
      if (touch(each.box, wanted)) expected.push_back(each);
    EXPECT_EQ(ids(expected), find(cache, wanted));
  }
}

TEST(AssetText, HoldsEverything) {
  Asset a = asset("id", {170, -10, 190.25, 5});
  a.access = Asset::Access::kDownload;
  a.member = "in.tif";
  a.resolution = 4;
  a.year = 2019;
  a.project = "9310";
  a.rank = -3.5;
  a.size = 12345678901;
  a.sha256 = "ab";
  a.sidecar_url = "https://archive.example/id.xml";
  a.sidecar_sha256 = "cd";
  a.heights = {"EPSG:5703", StatedBy::kArchive};
  a.record.provider = "p";
  a.record.survey_id = "caf\xe9";
  a.record.link = "https://archive.example/";
  a.record.resolution = 4;
  a.record.interpolated = true;
  const Asset b = asset_from_text(asset_text(a));
  EXPECT_EQ(asset_text(a), asset_text(b));
  EXPECT_EQ("caf\xe9", b.record.survey_id);
  EXPECT_EQ(190.25, b.box.east);
  EXPECT_EQ(StatedBy::kArchive, b.heights.by);
  EXPECT_EQ(12345678901, b.size);
  EXPECT_TRUE(b.record.interpolated);
}

}  // namespace
}  // namespace topobathy
