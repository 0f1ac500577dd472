#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/dem_archive_fixture.h"
#include "archives/stac_answers.h"
#include "providers/stac/stac_item.h"

namespace topobathy {
namespace {

using namespace dem_tests;

using nlohmann::json;

json plain() {
  return stac_item("n41w074-13", {-74.0006, 39.9994, -72.9994, 41.0006}, "https://h/a.tif", 10);
}

TEST(StacItem, IsReadAsPublished) {
  json feature = plain();
  feature["properties"]["start_datetime"] = "2014-03-02T10:00:00Z";
  feature["properties"]["end_datetime"] = "2016-01-01";
  feature["properties"]["proj:epsg"] = 5498;
  feature["properties"]["3dep:usgs_id"] = "NY_LongIsland";
  const StacItem item = parse_stac_item(feature);
  EXPECT_EQ("n41w074-13", item.id);
  EXPECT_EQ(-74.0006, item.box.west);
  EXPECT_EQ(41.0006, item.box.north);
  EXPECT_EQ(10.0, item.gsd);
  EXPECT_EQ("EPSG:5498", item.crs);
  EXPECT_EQ("EPSG:5703", item.vertical_crs);
  EXPECT_EQ("NY_LongIsland", item.properties.at("3dep:usgs_id"));
  EXPECT_EQ("2014-03-02", iso_day(item.start_datetime));
  EXPECT_EQ(2016, iso_year(item.end_datetime));
  EXPECT_EQ("https://h/a.tif", data_href(item));
}

TEST(StacItem, BoxMayHaveHeightsAndCrossTheAntimeridian) {
  json feature = plain();
  feature["bbox"] = {179.5, 51.0, -8.0, -179.5, 52.0, 900.0};
  const StacItem item = parse_stac_item(feature);
  EXPECT_EQ(179.5, item.box.west);
  EXPECT_EQ(180.5, item.box.east);
  EXPECT_EQ(51.0, item.box.south);
  EXPECT_EQ(52.0, item.box.north);
}

TEST(StacItem, PartsOfACompoundCrsAreTold) {
  json feature = plain();
  feature["properties"]["proj:epsg"] = nullptr;
  feature["properties"]["proj:projjson"] = {{"type", "CompoundCRS"},
                                            {"components",
                                             {{{"id", {{"authority", "EPSG"}, {"code", 26918}}}},
                                              {{"id", {{"authority", "EPSG"}, {"code", 5703}}}}}}};
  const StacItem item = parse_stac_item(feature);
  EXPECT_EQ("EPSG:26918", item.crs);
  EXPECT_EQ("EPSG:5703", item.vertical_crs);
  EXPECT_THAT(item.projjson, testing::HasSubstr("CompoundCRS"));
}

TEST(StacItem, NewerSpellingOfTheCrs) {
  json feature = plain();
  feature["properties"]["proj:code"] = "EPSG:5498";
  EXPECT_EQ("EPSG:5703", parse_stac_item(feature).vertical_crs);
}

TEST(StacItem, OddMembersAreLeftOut) {
  json feature = plain();
  feature["properties"]["raster:bands"] = {{"nodata", -9999}};  // an object where a list is due
  feature["properties"]["gsd"] = "30";
  feature["properties"]["datetime"] = nullptr;
  feature["properties"]["proj:projjson"] = "EPSG:4326";
  feature["properties"]["proj:epsg"] = json::array();
  feature["properties"]["long"] = std::string(5000, 'x');
  feature["assets"]["thumbnail"] = "no object";
  feature["assets"]["metadata"] = {{"href", 7}};
  const StacItem item = parse_stac_item(feature);
  EXPECT_EQ(30.0, item.gsd);
  EXPECT_EQ("", item.datetime);
  EXPECT_EQ("", item.crs);
  EXPECT_EQ(0U, item.properties.count("long"));
  EXPECT_EQ(1U, item.assets.size());
}

TEST(StacItem, NumberOfMembersIsLimited) {
  json feature = plain();
  for (int i = 0; i < 1000; ++i) {
    feature["properties"]["p" + std::to_string(i)] = i;
    feature["assets"]["a" + std::to_string(i)] = {{"href", "https://h/x"}};
  }
  const StacItem item = parse_stac_item(feature);
  EXPECT_EQ(200U, item.properties.size());
  EXPECT_EQ(200U, item.assets.size());
}

TEST(StacItem, DataComesBeforeElevationBeforeMerged) {
  StacItem item;
  EXPECT_EQ("", data_href(item));
  item.assets["merged"] = "m";
  EXPECT_EQ("m", data_href(item));
  item.assets["elevation"] = "e";
  EXPECT_EQ("e", data_href(item));
  item.assets["data"] = "d";
  EXPECT_EQ("d", data_href(item));
}

TEST(StacItem, SignaturesAreNotKept) {
  const StacItem item =
      parse_stac_item(stac_item("a", {0, 0, 1, 1}, "https://h/a.tif?se=1&sig=SECRET"));
  EXPECT_EQ("https://h/a.tif", data_href(item));
}

TEST(StacItem, RefusesWhatHasNoNameOrPlace) {
  const auto refusal = [](const json& feature) {
    return message_of([&] { parse_stac_item(feature); });
  };
  EXPECT_EQ("a feature is no object", refusal(7));
  for (const json& id : {json(7), json(""), json("../a"), json("a/b"), json(std::string(201, 'a'))})
    EXPECT_EQ("an item has no id that can be a name", refusal([&] {
                json feature = plain();
                feature["id"] = id;
                return feature;
              }()));
  for (const json& box : {json(), json({1, 2, 3}), json({"a", 0, 1, 1}), json({0, 0, 1, 1, 1})}) {
    json feature = plain();
    feature["bbox"] = box;
    EXPECT_EQ("item 'n41w074-13' has no bbox of 4 or 6 numbers", refusal(feature));
  }
  for (const json& box : {json({0, 1, 1, 0}), json({5e5, 4e6, 6e5, 5e6}), json({0, -91, 1, 0})}) {
    json feature = plain();
    feature["bbox"] = box;
    EXPECT_EQ("the bbox of item 'n41w074-13' is no longitudes and latitudes", refusal(feature));
  }
}

TEST(StacItem, DaysAreIso8601OrNothing) {
  EXPECT_EQ("2014-03-02", iso_day("2014-03-02"));
  EXPECT_EQ("2014-03-02", iso_day("2014-03-02 10:00"));
  for (const char* const text : {"", "2014", "2014/03/02", "2014-03-021", "20140302T10"}) {
    EXPECT_EQ("", iso_day(text));
    EXPECT_EQ(0, iso_year(text));
  }
}

}  // namespace
}  // namespace topobathy
