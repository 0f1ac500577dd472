// Tier 4 is purged under archives that have their discovery caches open.
#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>

#include "cache/manage/purge.h"
#include "cache/test_directory.h"
#include "providers/archive/discovery_cache.h"

namespace topobathy {
namespace {

class DiscoveryPurgeTest : public ::testing::Test {
 protected:
  DiscoveryCache::Setup setup() {
    DiscoveryCache::Setup made;
    made.path = root_.path() + "/ncei_bag/discovery.sqlite";
    made.warn = [this](const std::string& message) { warnings_ += message; };
    return made;
  }
  std::size_t find(DiscoveryCache& cache) {
    return cache
        .find("all", {-180, -90, 180, 90},
              [this](const std::string&) {
                ++asked_;
                Asset asset;
                asset.id = "a";
                asset.url = "https://archive.example/a";
                asset.box = {0, 0, 1, 1};
                asset.revision = "1";
                return Discovery{{asset}, 1000, "edition 1"};
              })
        .size();
  }
  PurgeResult purge() {
    PurgeRequest request;
    request.root = root_.path();
    request.tiers.add(4);
    return purge_cache(request);
  }

  TestDirectory root_;
  std::string warnings_;
  int asked_ = 0;
};

TEST_F(DiscoveryPurgeTest, an_archive_that_has_it_open_asks_again_and_remembers_again) {
  DiscoveryCache open(setup()), other(setup());
  for (int round = 1; round <= 3; ++round) {
    EXPECT_EQ(find(open), 1U);
    EXPECT_EQ(find(other), 1U);
    EXPECT_EQ(asked_, round);
    EXPECT_EQ(purge().tiers[3].items, 1U);
    EXPECT_EQ(purge().tiers[3].items, 0U);  // empty: nothing more to purge
  }
  DiscoveryCache later(setup());
  EXPECT_EQ(find(later), 1U);
  EXPECT_EQ(find(open), 1U);
  EXPECT_EQ(asked_, 4);
  EXPECT_EQ(warnings_, "");
}

}  // namespace
}  // namespace topobathy
