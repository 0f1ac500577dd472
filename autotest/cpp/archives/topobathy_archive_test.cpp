#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "archives/topobathy_fixture.h"

namespace topobathy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Conformance case P1.
TEST_F(Topobathy, TheNewerProjectLiesOnTop) {
  put({new_one(), old_one()});
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("8888/tile_001.tif", "9999/tile_001.tif"));
}

// Conformance case P2.
TEST_F(Topobathy, WithoutAListOfProjectsNothingIsKnown) {
  EXPECT_EQ(
      "NOAA's list of coastal lidar projects is unavailable: "
      "'https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com' has neither laz/dav.json nor "
      "laz/index.html; try again later, or name a mirror in TOPOBATHY_ENDPOINTS",
      made_.failure(kInside));
  made_.http->put(kIndexHtml, "<html>maintenance</html>");
  EXPECT_THAT(made_.failure(kInside), HasSubstr("links to no DEM folder; try again later"));
  put({new_one()});
  EXPECT_EQ(1U, made_.find(kInside).size()) << "nothing was remembered of the outage";
}

// Conformance case P6.
TEST_F(Topobathy, ThreadsWithDifferentProjectsDoNotMixThem) {
  MadeProject a{"A_TopoBathy_2019_10274", "1", {-74, 40, -73, 41}};
  a.tiles = {"tile_from_10274.tif"};
  MadeProject b{"B_TopoBathy_2019_20000", "2", {-74, 40, -73, 41}};
  b.tiles = {"tile_from_20000.tif"};
  put({a, b});
  const auto find = [&](const std::string& id) {
    Step step = made_.step;
    step.filter.project_ids = {id};
    std::vector<std::string> taken;
    for (const Candidate& one :
         make_archive("noaa_topobathy", {step, made_.context})->find({-73.6, 40.6, -73.5, 40.7}))
      if (one.excluded.empty()) taken.push_back(one.asset.id);
    return taken;
  };
  std::vector<std::string> first, second;
  std::thread one([&] { first = find("10274"); });
  std::thread two([&] { second = find("20000"); });
  one.join();
  two.join();
  EXPECT_THAT(first, ElementsAre("10274/tile_from_10274.tif"));
  EXPECT_THAT(second, ElementsAre("20000/tile_from_20000.tif"));
}

// Conformance case P8.
TEST_F(Topobathy, WhatIsKnownIsNotAskedAgainAndAnUnchangedIndexIsNotFetchedAgain) {
  put({new_one()});
  made_.find(kInside);
  EXPECT_TRUE(std::filesystem::exists(made_.directory.path() + "/tile_index/9999.zip"));
  const std::size_t calls = made_.http->calls().size();
  EXPECT_EQ(1U, made_.find(kInside).size());
  EXPECT_EQ(calls, made_.http->calls().size());
}

TEST_F(Topobathy, ReadOnlyCachesGetNothingWritten) {
  put({new_one()});
  made_.context->may_write = false;
  EXPECT_EQ(1U, made_.find(kInside).size());
  EXPECT_THAT(made_.directory.files(), IsEmpty());
}

TEST_F(Topobathy, ProjectsElsewhereAreNotAskedAfter) {
  MadeProject far{"Far_Topobathy_2020_7", "9", {10, 10, 11, 11}};
  put({new_one(), far});
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("9999/tile_001.tif"));
  for (const std::string& url : made_.http->calls()) {
    EXPECT_THAT(url, Not(HasSubstr("Far_"))) << "neither its folder";
    EXPECT_THAT(url, Not(HasSubstr("item/9"))) << "nor its metadata";
  }
}

TEST_F(Topobathy, RankDoesNotDependOnTheBox) {
  MadeProject beside = old_one();
  beside.box = {0.5, 0, 2, 1};
  put({new_one(), beside});
  const auto both = made_.find(kInside);
  ASSERT_EQ(2U, both.size());
  EXPECT_EQ(both[1].asset.rank, made_.find({0.1, 0.1, 0.2, 0.2}).at(0).asset.rank);
  EXPECT_EQ(both[0].asset.rank, made_.find({1.5, 0.1, 1.6, 0.2}).at(0).asset.rank);
}

TEST_F(Topobathy, WithoutBoxesInTheListTheTileIndexesPlaceTheProjects) {
  MadeProject far{"Far_Topobathy_2020_7", "9", {10, 10, 11, 11}};
  put({new_one(), old_one(), far});
  made_.http->remove(kDavJson);
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("8888/tile_001.tif", "9999/tile_001.tif"));
  EXPECT_THAT(made_.http->calls(), Not(Contains(item_url("9"))))
      << "metadata of projects elsewhere are not needed";
  filter().min_year = 2015;
  EXPECT_THAT(
      told(made_.find(kInside)),
      ElementsAre("8888/tile_001.tif: of 2010, older than min_year 2015", "9999/tile_001.tif"));
}

TEST_F(Topobathy, AListOfPointCloudsOnlySendsToThePage) {
  put({new_one()});
  made_.http->put(kDavJson, R"({"features":[{"properties":{"DataType":"Lidar"}}]})");
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("9999/tile_001.tif"));
  made_.forget();
  made_.http->put(kDavJson, "<html>busy</html>");
  EXPECT_THAT(made_.failure(kInside), HasSubstr("is no GeoJSON")) << "and an outage does not";
}

TEST_F(Topobathy, AFailureAtAnyRequestIsAnErrorAndPoisonsNothing) {
  for (const bool boxes : {true, false}) {
    put({new_one(), old_one()});
    if (!boxes) made_.http->remove(kDavJson);
    bool failed = true;
    for (int n = 1; failed; ++n) {
      ASSERT_LT(n, 20);
      made_.forget();
      made_.http->fail_call(n);
      const std::string what = made_.failure(kInside);
      failed = !what.empty();
      EXPECT_THAT(what, ::testing::AnyOf(IsEmpty(), HasSubstr("no answer")));
      made_.http->fail_call(1000);
      EXPECT_THAT(told(made_.find(kInside)), ElementsAre("8888/tile_001.tif", "9999/tile_001.tif"))
          << n;
    }
  }
}

}  // namespace
}  // namespace topobathy
