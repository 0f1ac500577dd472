#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "archives/dem_archive_fixture.h"

namespace topobathy {
namespace {

using namespace dem_tests;

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kApi = "https://tnmaccess.nationalmap.gov/api/v1/products";
const std::string kProjects =
    "https://prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/1m/Projects/";
const LonLatBox kBox{-73.70, 40.80, -73.69, 40.81};

std::string page(int offset, const std::string& bbox = "-73.75,40.75,-73.5,41") {
  return kApi + "?datasets=Digital%20Elevation%20Model%20%28DEM%29%201%20meter&bbox=" + bbox +
         "&prodFormats=GeoTIFF&max=100&offset=" + std::to_string(offset) + "&outputFormat=JSON";
}

json tile(const std::string& project, const std::string& square, const std::string& published) {
  return {
      {"title", "USGS 1 Meter 18 " + square + " " + project},
      {"publicationDate", published},
      {"lastUpdated", published + "T10:00:00.000-06:00"},
      {"sizeInBytes", 270000000},
      {"downloadURL", kProjects + project + "/TIFF/USGS_1M_18_" + square + "_" + project + ".tif"},
      {"boundingBox", {{"minX", -73.8}, {"maxX", -73.6}, {"minY", 40.75}, {"maxY", 40.85}}}};
}

std::string answer(int total, const std::vector<json>& items) {
  return json({{"total", total}, {"items", items}, {"errors", json::array()}}).dump();
}

struct OneMetre : DemBench {
  OneMetre() : DemBench("usgs_3dep", "1m") {
    http->put(page(0), answer(3, {tile("NY_New_2023", "x60y453", "2023-05-01"),
                                  tile("NY_LongIsland_2014_D14", "x60y453", "2020-02-03")}));
    http->put(page(2), answer(3, {tile("NY_Newer_2024", "x60y453", "2024-06-07")}));
  }
};

TEST(TnmTiles, EveryPageIsTakenAndTheNewestLiesOnTop) {
  OneMetre bench;
  const auto found = bench.find(kBox);
  ASSERT_EQ(3U, found.size());
  EXPECT_EQ("NY_LongIsland_2014_D14/USGS_1M_18_x60y453_NY_LongIsland_2014_D14", found[0].asset.id);
  EXPECT_EQ("NY_New_2023", found[1].asset.project);
  EXPECT_EQ("NY_Newer_2024", found[2].asset.project);
  EXPECT_EQ(20240607.0, found[2].asset.rank);
}

TEST(TnmTiles, TellsWhatTheApiStates) {
  OneMetre bench;
  const Asset asset = bench.find(kBox).at(0).asset;
  EXPECT_EQ(kProjects + "NY_LongIsland_2014_D14/TIFF/USGS_1M_18_x60y453_NY_LongIsland_2014_D14.tif",
            asset.url);
  EXPECT_EQ(1.0, asset.resolution);
  EXPECT_EQ(2020, asset.year);
  EXPECT_EQ(270000000, asset.size);
  EXPECT_EQ("2020-02-03T10:00:00.000-06:00, 270000000 bytes", asset.revision);
  EXPECT_LT(asset.box.west, -73.8) << "with the margin of the tile";
  EXPECT_GT(asset.box.north, 40.85);
  EXPECT_EQ("EPSG:5703", asset.heights.crs);
  EXPECT_EQ("usgs_3dep", asset.record.provider);
  EXPECT_EQ("file:" + asset.id, asset.record.key);
  EXPECT_EQ("NY_LongIsland_2014_D14", asset.record.survey_id);
  EXPECT_EQ("", asset.record.date_start) << "the day of publication is none of survey";
}

TEST(TnmTiles, FiltersByProjectYearAndName) {
  OneMetre bench;
  bench.step.filter.project_ids = {"NY_New_2023"};
  auto found = bench.find(kBox);
  EXPECT_EQ("project NY_LongIsland_2014_D14 is not in project_id", found[0].excluded);
  EXPECT_EQ("", found[1].excluded);
  bench.step.filter.project_ids.clear();
  bench.step.filter.min_year = 2023;
  found = bench.find(kBox);
  EXPECT_EQ("of 2020, older than min_year 2023", found[0].excluded);
  bench.step.filter.min_year.reset();
  bench.step.filter.exclude_patterns = {"*_D14"};
  found = bench.find(kBox);
  EXPECT_THAT(found[0].excluded, HasSubstr("NY_LongIsland_2014_D14"));
  EXPECT_EQ("", found[2].excluded);
  bench.step.filter = {};
  bench.step.filter.include_patterns = {"NY_New_*"};
  found = bench.find(kBox);
  EXPECT_NE("", found[0].excluded);
  EXPECT_EQ("", found[1].excluded);
  EXPECT_NE("", found[2].excluded);
}

TEST(TnmTiles, ATileOfTwoSquaresComesOnce) {
  OneMetre bench;
  bench.http->put(page(0, "-73.75,40.5,-73.5,40.75"),
                  answer(1, {tile("NY_New_2023", "x60y453", "2023-05-01")}));
  EXPECT_EQ(3U, bench.find({-73.70, 40.74, -73.69, 40.76}).size());
  const std::size_t calls = bench.http->calls().size();
  EXPECT_EQ(3U, calls);
  bench.find({-73.70, 40.74, -73.69, 40.76});
  EXPECT_EQ(calls, bench.http->calls().size());
}

TEST(TnmTiles, NothingThereIsNoError) {
  DemBench bench("usgs_3dep", "1m");
  bench.http->put(page(0), answer(0, json::array()));
  EXPECT_THAT(bench.ids(kBox), ElementsAre());
}

TEST(TnmTiles, NoFailurePoisons) {
  OneMetre().expect_no_failure_poisons(kBox);
}

TEST(TnmTiles, AnErrorWithStatus200IsAnError) {
  DemBench bench("usgs_3dep", "1m");
  const auto refusal = [&](const std::string& body) {
    bench.http->put(page(0), body);
    return message_of([&] { bench.find(kBox); });
  };
  const std::string where = "'" + kApi + "': ";
  EXPECT_EQ(where + "the server reports an error (Endpoint request  timed out); try again later",
            refusal(R"({"errorMessage":"Endpoint request\n timed out"})"));
  EXPECT_THAT(refusal(json({{"errorMessage", std::string(9999, 'x')}}).dump()),
              testing::SizeIs(testing::Lt(400U)));
  EXPECT_EQ(where + "the answer states no total, or one above 20000", refusal(R"({"items":[]})"));
  EXPECT_EQ(where + "the answer states no total, or one above 20000",
            refusal(answer(1000000, json::array())));
  EXPECT_EQ(where + "the pages end after 0 of 7 items; try again later",
            refusal(answer(7, json::array())));
  EXPECT_THAT(refusal("<html>busy</html>"), HasSubstr("HTML where JSON is expected"));
  EXPECT_THAT(refusal(answer(1, {tile("A", "x", "2020-01-01")}).substr(0, 50)),
              HasSubstr("it is cut"));
  EXPECT_EQ(where + "an item is no object", refusal(answer(1, {7})));
}

TEST(TnmTiles, PagesThatEndEarlyAreAnError) {
  OneMetre bench;
  bench.http->put(page(2), answer(3, json::array()));
  EXPECT_EQ("'" + kApi + "': the pages end after 2 of 3 items; try again later",
            message_of([&] { bench.find(kBox); }));
}

TEST(TnmTiles, RefusesLinksThatLeadElsewhere) {
  DemBench bench("usgs_3dep", "1m");
  for (const char* const link :
       {"https://evil.example/a.tif", "http://prd-tnm.s3.amazonaws.com/a.tif", "",
        "https://prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/1m/Projects/../../a.tif",
        "https://prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/1m/Projects/P/TIFF/a b.tif"}) {
    json item = tile("P", "x60y453", "2020-01-01");
    item["downloadURL"] = link;
    bench.http->put(page(0), answer(1, {item}));
    EXPECT_THAT(message_of([&] { bench.find(kBox); }), HasSubstr("the index is not believed"))
        << link;
  }
}

TEST(TnmTiles, RefusesATileWithoutAPlace) {
  DemBench bench("usgs_3dep", "1m");
  json item = tile("P", "x60y453", "2020-01-01");
  item["boundingBox"].erase("minX");
  bench.http->put(page(0), answer(1, {item}));
  EXPECT_EQ("'" + kApi + "': 'USGS_1M_18_x60y453_P' has no boundingBox in longitudes and latitudes",
            message_of([&] { bench.find(kBox); }));
}

}  // namespace
}  // namespace topobathy
