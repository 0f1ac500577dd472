#include <gdal_priv.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "cache/test_directory.h"
#include "fake_http.h"
#include "lidar_files.h"
#include "made_ept.h"
#include "providers/archive/archive.h"
#include "providers/usgs_lidar/ept_index.h"
#include "providers/usgs_lidar/survey_facts.h"

namespace topobathy {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kBlobs[] = "https://usgslidareuwest.blob.core.windows.net/usgs-3dep-copc/";
constexpr char kStac[] = "https://planetarycomputer.microsoft.com/api/stac/v1/";
constexpr LonLatBox kBox{-122.99, 44.03, -122.96, 44.06};

/// The archive over a network and a cache folder of the test.
class UsgsLidar : public testing::Test {
 protected:
  static void SetUpTestSuite() { GDALAllRegister(); }
  UsgsLidar() {
    step_.provider = "usgs_lidar";
    context_->provider = "usgs_lidar";
    context_->folder = directory_.path() + "/usgs_lidar";
    context_->http = http_;
    forget();
  }

  void forget() { context_->discovery = std::make_shared<DiscoveryCache>(DiscoveryCache::Setup{}); }
  std::unique_ptr<Archive> archive() { return make_archive("usgs_lidar", {step_, context_}); }
  std::vector<std::string> ids(const LonLatBox& box) {
    std::vector<std::string> all;
    for (const Candidate& candidate : archive()->find(box))
      all.push_back(candidate.asset.id + (candidate.excluded.empty() ? "" : " left out"));
    return all;
  }
  /// Grids everything in the box and gives the files.
  std::vector<std::string> grids(const LonLatBox& box, double pixel = 64.0) {
    std::vector<std::string> paths;
    const auto made = archive();
    for (const Candidate& candidate : made->find(box))
      if (candidate.excluded.empty()) paths.push_back(made->open(candidate.asset, pixel).path);
    return paths;
  }
  std::string failure_of(const LonLatBox& box) {
    try {
      grids(box);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  /// Fails each call in turn; what comes after it must be the whole truth.
  void expect_no_failure_poisons(const LonLatBox& box) {
    const auto truth = grids(box);
    for (int n = 1; n < 100; ++n) {
      forget();
      std::filesystem::remove_all(context_->folder);
      http_->fail_call(n);
      const std::string message = failure_of(box);
      http_->fail_call(-1000);
      if (message.empty()) {
        EXPECT_GT(n, 4);
        return;
      }
      EXPECT_THAT(message, HasSubstr("no answer")) << n;
      EXPECT_EQ(truth, grids(box)) << "after the failure of call " << n;
    }
    FAIL() << "there is no end of calls";
  }

  TestDirectory directory_;
  Step step_;
  std::shared_ptr<FakeHttp> http_ = std::make_shared<FakeHttp>();
  std::shared_ptr<ArchiveContext> context_ = std::make_shared<ArchiveContext>();
};

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

/// The middle of the square (column, row), degrees.
LonLatBox square(int column, int row) {
  const auto box = Transformer(kEptCrs, "EPSG:4326")
                       .transform_box({column * kEptTile, row * kEptTile, (column + 1) * kEptTile,
                                       (row + 1) * kEptTile});
  return to_lonlat_box(*box);
}
LonLatBox inside(const LonLatBox& box) {
  const double x = (box.east - box.west) / 10, y = (box.north - box.south) / 10;
  return {box.west + x, box.south + y, box.east - x, box.north - y};
}

nlohmann::json survey(const std::string& name, const LonLatBox& box) {
  const nlohmann::json ring = {{box.west, box.south},
                               {box.east, box.south},
                               {box.east, box.north},
                               {box.west, box.north},
                               {box.west, box.south}};
  return {{"type", "Feature"},
          {"properties", {{"name", name}, {"url", "x"}, {"count", 1e9}}},
          {"geometry", {{"type", "Polygon"}, {"coordinates", {ring}}}}};
}

class EptProduct : public UsgsLidar {
 protected:
  void SetUp() override {
    step_.product = "ept";
    put_index({survey("USGS_LPC_NY_Old_2012", square(-8000, 5000)),
               survey("NY_New_B23", square(-8000, 5000))});
    MadeEpt made;
    made.left = -8000 * kEptTile, made.bottom = 5000 * kEptTile;
    std::vector<LidarPoint> points;
    for (int i = 0; i < 4000; ++i) {
      LidarPoint point;
      point.x = made.left + (i * 7919) % 1021, point.y = made.bottom + (i * 104729) % 1019;
      point.z = 5, point.classification = 2;
      points.push_back(point);
    }
    for (const char* name : {"USGS_LPC_NY_Old_2012", "NY_New_B23"})
      for (const auto& [file, bytes] : made.files(points))
        http_->put(kEptBase + std::string(name) + "/" + file, bytes);
  }
  void put_index(const std::vector<nlohmann::json>& features) {
    http_->put(kEptIndex,
               nlohmann::json{{"type", "FeatureCollection"}, {"features", features}}.dump());
  }
};

TEST_F(EptProduct, TilesOfSurveysAreAssets) {
  const LonLatBox box = inside(square(-8000, 5000));
  const auto found = archive()->find(box);
  ASSERT_EQ(2U, found.size());
  EXPECT_EQ("USGS_LPC_NY_Old_2012/-8000_5000", found[0].asset.id);
  EXPECT_EQ("NY_New_B23/-8000_5000", found[1].asset.id);
  EXPECT_EQ(2012, found[0].asset.year);
  EXPECT_EQ(2023, found[1].asset.year);
  EXPECT_EQ(StatedBy::kProvider, found[0].asset.heights.by);
  EXPECT_EQ("assumed", found[0].asset.record.vertical_basis);
  EXPECT_EQ(1.0, found[0].asset.resolution);
  EXPECT_TRUE(archive()->find({10, 10, 11, 11}).empty());
}

TEST_F(EptProduct, AGridHoldsTheTile) {
  const auto paths = grids(inside(square(-8000, 5000)), 16.0);
  ASSERT_EQ(2U, paths.size());
  EXPECT_THAT(paths[0], HasSubstr("/grids/USGS_LPC_NY_Old_2012_-8000_5000_"));
  const std::unique_ptr<GDALDataset, GDALDatasetUniquePtrDeleter> file(
      GDALDataset::Open(paths[0].c_str()));
  EXPECT_EQ(64, file->GetRasterXSize());
  float value = 0;
  EXPECT_EQ(CE_None, file->GetRasterBand(1)->RasterIO(GF_Read, 30, 30, 1, 1, &value, 1, 1,
                                                      GDT_Float32, 0, 0, nullptr));
  EXPECT_EQ(5.0F, value);
}

TEST_F(EptProduct, SurveysThatAreLeftOutAreToldAsAWholeAndNotAsked) {
  step_.filter.min_year = 2020;
  EXPECT_THAT(ids(inside(square(-8000, 5000))),
              ElementsAre("USGS_LPC_NY_Old_2012#0 left out", "NY_New_B23/-8000_5000"));
  for (const std::string& url : http_->calls())
    EXPECT_EQ(std::string::npos, url.find("Old_2012")) << url;
}

TEST_F(EptProduct, FiltersChooseSurveys) {
  const LonLatBox box = inside(square(-8000, 5000));
  const auto taken = ElementsAre("USGS_LPC_NY_Old_2012#0 left out", "NY_New_B23/-8000_5000");
  step_.filter.project_ids = {"NY_New_B23"};
  EXPECT_THAT(ids(box), taken);
  step_.filter = {};
  step_.filter.include_patterns = {"NY_*"};
  EXPECT_THAT(ids(box), taken);
  step_.filter = {};
  step_.filter.exclude_patterns = {"*_LPC_*"};
  EXPECT_THAT(ids(box), taken);
  step_.filter = {};
  step_.filter.max_resolution = 0.5;
  EXPECT_THAT(ids(box), ElementsAre("USGS_LPC_NY_Old_2012#0 left out", "NY_New_B23#0 left out"));
  step_.filter.max_resolution = 1;
  EXPECT_THAT(ids(box), ElementsAre("USGS_LPC_NY_Old_2012/-8000_5000", "NY_New_B23/-8000_5000"));
}

TEST_F(EptProduct, DescriptionAndHierarchyAreAskedForOnce) {
  put_index({survey("NY_New_B23", {-73.6, 41.6, -73.4, 41.8})});
  const auto made = archive();
  const auto found = made->find(square(-8000, 5000));
  ASSERT_LT(1U, found.size());
  for (const Candidate& candidate : found)
    made->open(candidate.asset, 64.0);
  int descriptions = 0;
  for (const std::string& url : http_->calls())
    if (url == kEptBase + std::string("NY_New_B23/ept.json")) ++descriptions;
  EXPECT_EQ(2, descriptions) << "one for the edition, one for the text";
}

TEST_F(EptProduct, NoFailurePoisons) {
  put_index({survey("NY_New_B23", square(-8000, 5000))});
  expect_no_failure_poisons(inside(square(-8000, 5000)));
}

TEST_F(EptProduct, AnIndexThatIsNoneIsAnError) {
  const LonLatBox box = inside(square(-8000, 5000));
  for (const char* text : {"<html>", "{}", "{\"features\":[{\"properties\":{}}]}", "[]", ""}) {
    forget();
    http_->put(kEptIndex, std::string(text));
    EXPECT_THAT(failure_of(box), HasSubstr("resources.geojson': is no list of outlines")) << text;
  }
  forget();
  put_index({});
  EXPECT_THAT(failure_of(box), HasSubstr("lists no survey; the index is not believed"));
  forget();
  http_->remove(kEptIndex);
  EXPECT_THAT(failure_of(box), HasSubstr("the list of surveys is gone"));
}

TEST_F(EptProduct, NamesThatCouldBePathsAreLeftOutWithAWarning) {
  std::string told;
  context_->warn = [&](const std::string& text) { told = text; };
  put_index({survey("../../etc", square(-8000, 5000)), survey("NY_New_B23", square(-8000, 5000))});
  EXPECT_THAT(ids(inside(square(-8000, 5000))), ElementsAre("NY_New_B23/-8000_5000"));
  EXPECT_THAT(told, HasSubstr("1 surveys have names that cannot be part of a path"));
}

TEST_F(EptProduct, ABoxOfTooManyTilesIsRefused) {
  put_index({survey("NY_New_B23", {-80, 35, -70, 45})});
  EXPECT_EQ(
      "provider 'usgs_lidar': the box needs more than 100000 tiles of EPT surveys: give the step "
      "a smaller zone, or a project_id",
      failure_of({-80, 35, -70, 45}));
}

TEST_F(UsgsLidar, TouchesNothingBeforeItIsAsked) {
  for (const char* product : {"copc", "copc_file", "ept"}) {
    step_.product = product;
    archive();
  }
  EXPECT_TRUE(http_->calls().empty());
  EXPECT_TRUE(directory_.files().empty());
}

TEST(SurveyFacts, TheYearIsTakenFromTheNameOfTheProject) {
  EXPECT_EQ(2014, year_of_project("USGS_LPC_NY_LongIsland_Z18_2014_LAS_2015"));
  EXPECT_EQ(2023, year_of_project("CA_SantaCruz_1_B23"));
  EXPECT_EQ(2019, year_of_project("MI_7Counties_2019_A19"));
  EXPECT_EQ(0, year_of_project("ARRA-LFTNE_MASSACHUSETTS"));
  EXPECT_EQ(0, year_of_project("NY_12345_Z1"));
}

}  // namespace
}  // namespace topobathy
