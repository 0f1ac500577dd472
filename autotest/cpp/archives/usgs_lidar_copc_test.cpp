#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "archives/usgs_lidar_fixture.h"
#include "lidar_files.h"

namespace topobathy {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kBlobs[] = "https://usgslidareuwest.blob.core.windows.net/usgs-3dep-copc/";
constexpr char kStac[] = "https://planetarycomputer.microsoft.com/api/stac/v1/";
constexpr LonLatBox kBox{-122.99, 44.03, -122.96, 44.06};

std::string content(const std::string& name) {
  std::ifstream file(lidar_file(name), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

nlohmann::json item(const std::string& id, const std::string& survey, const std::string& end) {
  return {{"type", "Feature"},
          {"id", id},
          {"collection", "3dep-lidar-copc"},
          {"bbox", {-122.98, 44.04, -122.97, 44.05}},
          {"properties",
           {{"3dep:usgs_id", survey},
            {"start_datetime", "2010-01-01T00:00:00Z"},
            {"end_datetime", end},
            {"pc:count", 1065},
            {"proj:projjson",
             {{"type", "CompoundCRS"},
              {"components",
               {{{"id", {{"authority", "EPSG"}, {"code", 2991}}}},
                {{"id", {{"authority", "EPSG"}, {"code", 6360}}}}}}}}}},
          {"assets",
           {{"data", {{"href", kBlobs + ("usgs-copc/" + survey) + "/copc/" + id + ".copc.laz"}}}}}};
}

class CopcProduct : public UsgsLidar {
 protected:
  void SetUp() override {
    TOPOBATHY_NEED_LAZ("1.2-with-color.copc.laz");
    put({item("tile_b", "OR_A_2012", "2012-06-01T00:00:00Z"),
         item("tile_a", "OR_A_2012", "2012-06-01T00:00:00Z"),
         item("tile_c", "OR_B_2019", "2019-06-01T00:00:00Z")});
    http_->put(
        "https://planetarycomputer.microsoft.com/api/sas/v1/token/usgslidareuwest/"
        "usgs-3dep-copc",
        R"({"msft:expiry":"2099-01-01T00:00:00Z","token":"se=2099&sig=AAAA"})");
  }
  void put(const std::vector<nlohmann::json>& items) {
    const nlohmann::json page{
        {"type", "FeatureCollection"}, {"features", items}, {"links", nlohmann::json::array()}};
    http_->put(std::string(kStac) +
                   "search?collections=3dep-lidar-copc&bbox=-123,44,-122.75,44.25&limit=250",
               page.dump());
    for (const nlohmann::json& each : items)
      http_->put(each["assets"]["data"]["href"].get<std::string>() + "?se=2099&sig=AAAA",
                 content("1.2-with-color.copc.laz"));
  }
};

TEST_F(CopcProduct, EveryTileIsAnAssetAndTheNewestLiesOnTop) {
  const auto found = archive()->find(kBox);
  ASSERT_EQ(3U, found.size());
  EXPECT_EQ("tile_a", found[0].asset.id);
  EXPECT_EQ("tile_b", found[1].asset.id);
  EXPECT_EQ("tile_c", found[2].asset.id);
  const Asset& asset = found[2].asset;
  EXPECT_EQ(20190601.0, asset.rank);
  EXPECT_EQ(2019, asset.year);
  EXPECT_EQ("OR_B_2019", asset.project);
  EXPECT_EQ("\"1\"", asset.revision);
  EXPECT_EQ("EPSG:5703", asset.heights.crs) << "feet above NAVD88, that come out as metres";
  EXPECT_EQ(StatedBy::kArchive, asset.heights.by);
  EXPECT_EQ("usgs_lidar", asset.record.provider);
  EXPECT_EQ("survey:OR_B_2019", asset.record.key);
  EXPECT_EQ("2019-06-01", asset.record.date_end);
  EXPECT_EQ(32.0, asset.resolution) << "1065 points on a square kilometre";
}

TEST_F(CopcProduct, FiltersSayWhy) {
  step_.filter.min_year = 2015;
  auto found = archive()->find(kBox);
  EXPECT_EQ("of 2012, older than min_year 2015", found[0].excluded);
  EXPECT_EQ("", found[2].excluded);
  step_.filter = {};
  step_.filter.project_ids = {"OR_A_2012"};
  EXPECT_THAT(ids(kBox), ElementsAre("tile_a", "tile_b", "tile_c left out"));
  step_.filter = {};
  step_.filter.exclude_patterns = {"OR_A*"};
  EXPECT_THAT(ids(kBox), ElementsAre("tile_a left out", "tile_b left out", "tile_c"));
  step_.filter = {};
  step_.filter.include_patterns = {"OR_A*"};
  EXPECT_THAT(ids(kBox), ElementsAre("tile_a", "tile_b", "tile_c left out"));
  step_.filter = {};
  step_.filter.max_resolution = 30;
  EXPECT_EQ("pixels of 32 m are coarser than max_resolution 30",
            archive()->find(kBox).at(0).excluded);
  step_.filter.max_resolution = 32;
  EXPECT_THAT(ids(kBox), ElementsAre("tile_a", "tile_b", "tile_c"));
}

TEST_F(CopcProduct, AGridIsMadeOnceAndKept) {
  const auto paths = grids(kBox);
  ASSERT_EQ(3U, paths.size());
  EXPECT_THAT(paths[0], HasSubstr("/usgs_lidar/grids/tile_a_"));
  EXPECT_THAT(paths[0], HasSubstr("_64m.tif"));
  EXPECT_EQ(3U, directory_.files().size());
  const std::size_t calls = http_->calls().size();
  EXPECT_EQ(paths, grids(kBox));
  EXPECT_EQ(calls, http_->calls().size()) << "without the network";
  const auto made = archive();
  const Asset asset = made->find(kBox)[0].asset;
  EXPECT_TRUE(made->is_local(asset, 100.0)) << "the same nominal cell";
  EXPECT_FALSE(made->is_local(asset, 300.0));
  for (const std::string& file : directory_.files())
    EXPECT_EQ(std::string::npos, file.find("sig"));
}

TEST_F(CopcProduct, AnotherEditionHasAnotherGrid) {
  put({item("tile_a", "OR_A_2012", "2012-06-01T00:00:00Z")});
  const auto old = grids(kBox);
  forget();
  http_->put(std::string(kBlobs) + "usgs-copc/OR_A_2012/copc/tile_a.copc.laz?se=2099&sig=AAAA",
             content("1.2-with-color.copc.laz"), "\"2\"");
  EXPECT_NE(old, grids(kBox));
}

TEST_F(CopcProduct, AFileReplacedBehindTheIndexIsToldAndReadNextTime) {
  put({item("tile_a", "OR_A_2012", "2012-06-01T00:00:00Z")});
  const auto made = archive();
  const Asset asset = made->find(kBox)[0].asset;
  http_->put(asset.url + "?se=2099&sig=AAAA", content("1.2-with-color.copc.laz"), "\"2\"");
  EXPECT_THAT(failure_of(kBox),
              HasSubstr("tile_a.copc.laz': was replaced by a new edition: read again"));
  EXPECT_EQ(1U, grids(kBox).size());
}

TEST_F(CopcProduct, NoFailurePoisons) {
  put({item("tile_a", "OR_A_2012", "2012-06-01T00:00:00Z")});
  expect_no_failure_poisons(kBox);
}

TEST_F(CopcProduct, WholeFilesAreKeptInTierFive) {
  step_.product = "copc_file";
  put({item("tile_a", "OR_A_2012", "2012-06-01T00:00:00Z")});
  std::filesystem::create_directories(context_->folder + "/raw");
  grids(kBox);
  EXPECT_EQ(2U, directory_.files().size());
  const std::size_t calls = http_->calls().size();
  grids(kBox, 256.0);
  EXPECT_EQ(calls, http_->calls().size()) << "a coarser grid needs no network";
}

TEST_F(CopcProduct, AReadOnlyCacheStaysAsItIs) {
  context_->may_write = false;
  const auto paths = grids(kBox);
  EXPECT_THAT(paths[0], HasSubstr("/vsimem/"));
  EXPECT_TRUE(directory_.files().empty());
}

TEST_F(CopcProduct, WithoutLaszipTheRefusalIsClear) {
  const NoLaszip missing;
  EXPECT_THAT(failure_of(kBox), HasSubstr("is compressed as LAZ, and the library LASzip"));
}

TEST_F(CopcProduct, AnswersThatAreNoCatalogueAreErrors) {
  http_->put(std::string(kStac) +
                 "search?collections=3dep-lidar-copc&bbox=-123,44,-122.75,44.25&limit=250",
             "<html>sorry</html>");
  EXPECT_NE("", failure_of(kBox));
  auto evil = item("tile_a", "OR_A_2012", "2012-06-01T00:00:00Z");
  evil["assets"]["data"]["href"] = "https://elsewhere/x.laz";
  put({evil});
  EXPECT_THAT(failure_of(kBox), HasSubstr("links to no blob of the archive"));
  evil["assets"]["data"]["href"] = std::string(kBlobs) + "../../x.laz";
  put({evil});
  EXPECT_NE("", failure_of(kBox));
}

}  // namespace
}  // namespace topobathy
