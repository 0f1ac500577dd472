#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/topobathy_fixture.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;

// Conformance case P5: a tile's address is that of its own project.
TEST_F(Topobathy, AnAssetTellsAllThatTheArchiveStates) {
  MadeProject sound{"LIS_TopoBathy_2019_10274", "7"};
  sound.year = "2019";
  put({sound, new_one()});
  filter().project_ids = {"10274"};
  const auto found = made_.find(kInside);
  ASSERT_EQ(2U, found.size());
  const Asset& tile = found[1].asset;
  EXPECT_EQ("10274/tile_001.tif", tile.id);
  EXPECT_EQ(kCoast + "/dem/LIS_TopoBathy_2019_10274/tile_001.tif", tile.url);
  EXPECT_EQ(Asset::Access::kStream, tile.access);
  EXPECT_EQ("10274", tile.project);
  EXPECT_EQ(2019, tile.year);
  EXPECT_EQ(1.0, tile.resolution);
  EXPECT_EQ(12, tile.size);
  EXPECT_EQ("\"e1\"/12/2025-01-02T03:04:05.000Z", tile.revision);
  EXPECT_EQ("EPSG:5703", tile.heights.crs);
  EXPECT_EQ(StatedBy::kArchive, tile.heights.by);
  EXPECT_EQ("noaa_topobathy", tile.record.provider);
  EXPECT_EQ("project:10274", tile.record.key);
  EXPECT_EQ("LIS_TopoBathy_2019_10274", tile.record.survey_id);
  EXPECT_EQ("", tile.record.institution) << "not stated";
  EXPECT_EQ("2019-01-01", tile.record.date_start);
  EXPECT_EQ("2019-12-31", tile.record.date_end);
  EXPECT_EQ("NAVD88", tile.record.vertical_datum);
  EXPECT_EQ("archive", tile.record.vertical_basis);
  EXPECT_EQ("https://www.fisheries.noaa.gov/inport/item/7", tile.record.link);
}

// Defect 12a: an outage of the catalogue must not make ellipsoidal heights pass for NAVD88.
TEST_F(Topobathy, MetadataThatCannotBeHadAreAnErrorAndNoDatumIsGuessed) {
  put({old_one()});
  const std::string url = item_url("1");
  for (const int status : {403, 404, 409}) {
    made_.http->put(url, [status](const HttpRequest&) {
      HttpAnswer answer;
      answer.status = status;
      return answer;
    });
    EXPECT_THAT(made_.failure(kInside), HasSubstr("https://www.fisheries.noaa.gov/inport/item/1"));
  }
  made_.http->put(url, "<html>busy</html>");
  EXPECT_THAT(made_.failure(kInside), HasSubstr("'inport-metadata' is expected"));
  made_.http->put(url, item_xml(old_one()));
  EXPECT_EQ("EPSG:6319", made_.find(kInside).at(0).asset.heights.crs);
}

TEST_F(Topobathy, WhatTheMetadataDoNotSayStaysUnknown) {
  MadeProject vague = new_one();
  vague.folder = "New_Topobathy_9999";
  vague.datum = "see report";
  put({vague});
  Asset tile = made_.find(kInside).at(0).asset;
  EXPECT_EQ("", tile.heights.crs);
  EXPECT_EQ("see report", tile.record.vertical_datum);
}

TEST_F(Topobathy, ARecordThatTheListNamesAndTheCatalogueLacksIsAnError) {
  put({new_one()});
  made_.http->remove(item_url("2"));
  EXPECT_THAT(made_.failure(kInside), HasSubstr("the list of projects names this record"));
  put({new_one()});
  EXPECT_EQ(new_one().datum, made_.find(kInside).at(0).asset.record.vertical_datum);
}

}  // namespace
}  // namespace topobathy
