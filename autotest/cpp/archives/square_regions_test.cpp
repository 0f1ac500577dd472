#include "providers/archive/square_regions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace topobathy {
namespace {

using testing::ElementsAre;

Asset asset(const std::string& id, const std::string& revision, const LonLatBox& box) {
  Asset made;
  made.id = id;
  made.revision = revision;
  made.box = box;
  return made;
}

std::vector<std::string> told(const std::vector<Asset>& assets) {
  std::vector<std::string> all;
  for (const Asset& one : assets)
    all.push_back(one.id + " " + one.revision);
  return all;
}

TEST(SquareRegions, ATileAtAnEdgeIsFoundOnce) {
  DiscoveryCache discovery{DiscoveryCache::Setup{}};
  const SquareRegions regions("made", 1.0);
  int asked = 0;
  const auto ask = [&](const LonLatBox& square) {
    ++asked;
    Discovery found;
    found.assets = {asset("edge", std::to_string(asked), {-74.1, 40.2, -73.9, 40.4}),
                    asset(square.west < -74.0 ? "a" : "b", "1", square)};
    return found;
  };
  const LonLatBox box{-74.05, 40.3, -73.95, 40.35};
  EXPECT_THAT(told(regions.find(discovery, box, ask)), ElementsAre("a 1", "b 1", "edge 2"));
  EXPECT_EQ(2, asked);
  EXPECT_EQ(3U, regions.find(discovery, box, ask).size());
  EXPECT_EQ(2, asked) << "both squares are known";
}

TEST(SquareRegions, TheRegionsOfAnAssetAreThoseItIsFoundIn) {
  EXPECT_THAT(SquareRegions("1m", 0.25).names({-74.05, 40.3, -73.95, 40.35}),
              ElementsAre("1m:n40.25_w074.25", "1m:n40.25_w074.00"));
}

TEST(SquareRegions, OfEachIdTheLastCounts) {
  const LonLatBox box{0, 0, 1, 1};
  EXPECT_THAT(
      told(last_of_each_id({asset("b", "1", box), asset("a", "1", box), asset("b", "2", box)})),
      ElementsAre("a 1", "b 2"));
}

}  // namespace
}  // namespace topobathy
