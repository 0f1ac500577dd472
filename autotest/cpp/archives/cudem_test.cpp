#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "archives/coastal_fixture.h"
#include "needed_data.h"
#include "providers/ncei_cudem/cudem_name.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kFolder = kCoast + "/dem/NCEI_ninth_Topobathy_2014_8483/";
const std::string kList = kFolder + "urllist8483.txt";
const std::string kZip = kFolder + "tileindex_NCEI_ninth_Topobathy_2014.zip";
const std::string kListing = listing_url("dem%2FNCEI_ninth_Topobathy_2014_8483%2F");
constexpr LonLatBox kNewYork{-73.9, 40.6, -73.85, 40.65};

const std::string kNy = "northeast_sandy/ncei19_n40x75_w074x00_2015v1.tif";
const std::string kNyNew = "northeast_sandy/ncei19_n40X75_w074X00_2018v1.tif";

MadeRow row(const std::string& path, double west, double south) {
  return {{path, "EPSG:4269", kFolder + path}, west, south, west + 0.25, south + 0.25};
}

class Cudem : public ::testing::Test {
 protected:
  Cudem() : made_("ncei_cudem") { put({kNy}, {row(kNy, -74, 40.5)}); }

  void put(const std::vector<std::string>& listed, const std::vector<MadeRow>& rows) {
    std::string list;
    for (const std::string& path : listed)
      list += kFolder + path + "\r\n";
    made_.http->put(kList, list);
    MadeIndex index;
    index.columns = {"location", "srs", "URL"};
    index.rows = rows;
    made_.http->put(kZip, zipped_shapefile(index));
    made_.forget();
  }
  std::vector<std::string> found(const LonLatBox& box = kNewYork) const {
    return told(made_.find(box));
  }

  CoastalSetup made_;
};

TEST(CudemName, IsACornerAndAnEdition) {
  const auto name = parse_cudem_name("ncei19_n40x75_w074x00_2015v1");
  ASSERT_TRUE(name);
  EXPECT_EQ("ncei19_n40x75_w074x00", name->cell);
  EXPECT_EQ(2015, name->year);
  EXPECT_EQ(1, name->version);
  EXPECT_NEAR(-74, name->box.west, 0.002);
  EXPECT_NEAR(40.5, name->box.south, 0.002);
  EXPECT_EQ(name->cell, parse_cudem_name("NCEI19_n40X75_w074X00_2018v12")->cell);
  EXPECT_NEAR(-14.25, parse_cudem_name("ncei13_s14x00_e170x50_2020v1")->box.south, 0.002);
  for (const char* const other : {"", "ncei19", "ncei19_n40x75_w074x00",
                                  "ncei19_n40y75_w074x00_2015v1", "ncei19_n40x75_w074x00_2015v1_b"})
    EXPECT_FALSE(parse_cudem_name(other)) << other;
}

// Footprints of NCEI's own catalogue: the corner in the name is the north-west one.
TEST(CudemName, PlacesEveryRealTile) {
  const std::string path = test::shared_data() + "/tileindex/ncei_thredds_dem_index.geojson";
  TOPOBATHY_NEED_FILE(path);
  const auto catalogue = nlohmann::json::parse(bytes_of(path));
  int tiles = 0;
  for (const auto& feature : catalogue.at("features")) {
    const std::string text = feature.at("properties").dump();
    const std::size_t at = text.find("ncei1");
    const std::size_t end = at == std::string::npos ? at : text.find_first_of(".\"", at);
    const auto name =
        end == std::string::npos ? std::nullopt : parse_cudem_name(text.substr(at, end - at));
    if (!name) continue;
    ++tiles;
    LonLatBox box{999, 999, -999, -999};
    for (const auto& point : feature.at("geometry").at("coordinates").at(0)) {
      box.west = std::min(box.west, point.at(0).get<double>());
      box.east = std::max(box.east, point.at(0).get<double>());
      box.south = std::min(box.south, point.at(1).get<double>());
      box.north = std::max(box.north, point.at(1).get<double>());
    }
    EXPECT_LE(name->box.west, box.west) << name->cell;
    EXPECT_LE(name->box.south, box.south) << name->cell;
    EXPECT_GE(name->box.east, box.east) << name->cell;
    EXPECT_GE(name->box.north, box.north) << name->cell;
  }
  EXPECT_GT(tiles, 600);
}

TEST_F(Cudem, ATileTellsAllThatTheArchiveStates) {
  made_.http->put(kListing, listing({"dem/NCEI_ninth_Topobathy_2014_8483/" + kNy}));
  const auto candidates = made_.find(kNewYork);
  ASSERT_EQ(1U, candidates.size());
  const Asset& tile = candidates[0].asset;
  EXPECT_EQ("ncei19_n40x75_w074x00", tile.id);
  EXPECT_EQ(kFolder + kNy, tile.url);
  EXPECT_EQ(Asset::Access::kDownload, tile.access);
  EXPECT_NEAR(3.436, tile.resolution, 0.001);
  EXPECT_EQ(2015, tile.year);
  EXPECT_EQ(12, tile.size);
  EXPECT_EQ("ncei19_n40x75_w074x00_2015v1 \"e1\"/12/2025-01-02T03:04:05.000Z", tile.revision);
  EXPECT_EQ("EPSG:5703", tile.heights.crs);
  EXPECT_EQ(StatedBy::kArchive, tile.heights.by);
  EXPECT_EQ("file:ncei19_n40x75_w074x00_2015v1", tile.record.key);
  EXPECT_EQ("ncei19_n40x75_w074x00_2015v1", tile.record.survey_id);
  EXPECT_EQ("NOAA National Centers for Environmental Information", tile.record.institution);
  EXPECT_EQ("NAVD88", tile.record.vertical_datum);
  EXPECT_EQ("archive", tile.record.vertical_basis);
  EXPECT_EQ(kFolder + "index.html", tile.record.link);
}

TEST_F(Cudem, AMirrorThatCannotListKnowsTilesByTheirDatedNames) {
  const Asset tile = made_.find(kNewYork).at(0).asset;
  EXPECT_EQ("ncei19_n40x75_w074x00_2015v1", tile.revision);
  EXPECT_EQ(-1, tile.size);
}

TEST_F(Cudem, TheNewestEditionOfACellIsTaken) {
  put({kNyNew, kNy}, {row(kNy, -74, 40.5), row(kNyNew, -74, 40.5)});
  EXPECT_THAT(found(), ElementsAre(kNy + ": superseded by ncei19_n40X75_w074X00_2018v1",
                                   "ncei19_n40x75_w074x00"));
  EXPECT_EQ(kFolder + kNyNew, made_.find(kNewYork).at(1).asset.url);
  const std::string v2 = "x/ncei19_n40x75_w074x00_2018v2.tif";
  put({v2, kNyNew}, {row(v2, -74, 40.5), row(kNyNew, -74, 40.5)});
  EXPECT_EQ(kFolder + v2, made_.find(kNewYork).at(1).asset.url) << "year, then version";
}

TEST_F(Cudem, EditionsCountByCellAlsoWhereTheirPolygonsDiffer) {
  put({kNyNew, kNy}, {row(kNy, -74, 40.5), row(kNyNew, -74.5, 40.5)});
  EXPECT_THAT(found(), ElementsAre(kNy + ": superseded by ncei19_n40X75_w074X00_2018v1"))
      << "the newest does not lie here";
  EXPECT_THAT(found({-74.4, 40.6, -74.35, 40.65}), ElementsAre("ncei19_n40x75_w074x00"))
      << "the polygon counts, not the name";
}

TEST_F(Cudem, ATileListedTwiceIsOne) {
  const std::string copy = "chesapeake_bay/ncei19_n40x75_w074x00_2015v1.tif";
  put({kNy, copy, kNy}, {row(kNy, -74, 40.5), row(copy, -74, 40.5)});
  EXPECT_THAT(found(), ElementsAre("ncei19_n40x75_w074x00",
                                   kNy + ": superseded by ncei19_n40x75_w074x00_2015v1"));
}

TEST_F(Cudem, TheListDecidesWhatExists) {
  const std::string gone = "TX/ncei19_n41x00_w074x00_2015v1.tif";
  put({kNy}, {row(kNy, -74, 40.5), row(gone, -74, 40.5)});
  EXPECT_THAT(found(), ElementsAre("index/ncei19_n41x00_w074x00_2015v1: in the tile index, but not "
                                   "in urllist8483.txt",
                                   "ncei19_n40x75_w074x00"));
}

TEST_F(Cudem, WithoutAPolygonTheNamePlacesATileAndWithoutANameNothing) {
  put({kNy, "AK/mosaic.tif"}, {row("TX/ncei19_n30x00_w094x00_2015v1.tif", -94, 29.75)});
  EXPECT_THAT(found(), ElementsAre("mosaic: neither the tile index nor its name says where it lies",
                                   "ncei19_n40x75_w074x00"));
}

TEST_F(Cudem, IslandsHaveDatumsOfTheirOwn) {
  const std::string island = "PR/ncei19_n18x50_w066x00_2015v1.tif";
  put({island}, {row(island, -66, 18.25)});
  const Asset tile = made_.find({-65.9, 18.3, -65.8, 18.4}).at(0).asset;
  EXPECT_EQ("", tile.heights.crs);
  EXPECT_EQ("", tile.record.vertical_datum);
  EXPECT_EQ("", tile.record.vertical_basis);
}

TEST_F(Cudem, AnotherProductIsAnotherFolder) {
  const std::string folder = kCoast + "/dem/NCEI_ninth_Topobathy_Hawaii_9428/";
  made_.step.product = "hawaii_ninth";
  made_.http->put(folder + "urllist9428.txt", folder + "ncei19_n20x00_w156x00_2021v1.tif\n");
  MadeIndex index;
  index.rows = {{{"ncei19_n20x00_w156x00_2021v1.tif"}, -156, 19.75, -155.75, 20}};
  const std::string key = "dem/NCEI_ninth_Topobathy_Hawaii_9428/tileindex_otherwise_named.zip";
  made_.http->put(kCoast + "/" + key, zipped_shapefile(index));
  made_.http->put(listing_url("dem%2FNCEI_ninth_Topobathy_Hawaii_9428%2F"), listing({key}));
  const Asset tile = made_.find({-155.9, 19.8, -155.8, 19.9}).at(0).asset;
  EXPECT_EQ(folder + "ncei19_n20x00_w156x00_2021v1.tif", tile.url);
  EXPECT_EQ("", tile.heights.crs);
}

TEST_F(Cudem, FiltersSayWhyATileIsLeftOut) {
  made_.step.filter.min_year = 2016;
  EXPECT_THAT(found(), ElementsAre("ncei19_n40x75_w074x00: of 2015, older than min_year 2016"));
  made_.step.filter.min_year.reset();
  made_.step.filter.exclude_patterns = {"*_w074x00_*"};
  EXPECT_THAT(found(), ElementsAre(HasSubstr("is left out by include_patterns")));
  made_.step.filter = {};
  made_.step.filter.include_patterns = {"ncei13_*"};
  EXPECT_THAT(found(), ElementsAre(HasSubstr("is left out by include_patterns")));
  made_.step.filter.include_patterns = {"(?i)^NCEI19_"};
  EXPECT_THAT(found(), ElementsAre("ncei19_n40x75_w074x00"));
}

TEST_F(Cudem, ListsThatAreNoneAreErrors) {
  made_.http->put(kList, "<html><body>busy</body></html>\n");
  EXPECT_EQ(
      "the list of tiles '" + kList +
          "' has a line that is no address: '<html><body>busy</body></html>'; try again later",
      made_.failure(kNewYork));
  made_.http->put(kList, "");
  EXPECT_EQ("the list of tiles '" + kList + "' names no tile; try again later",
            made_.failure(kNewYork));
  made_.http->put(kList, kFolder + "../../etc/a.tif\n" + kCoast + "/dem/OTHER_1/a.tif\n");
  EXPECT_THAT(made_.failure(kNewYork), HasSubstr("names no tile"));
  made_.http->remove(kList);
  EXPECT_THAT(made_.failure(kNewYork), HasSubstr("404")) << "a missing list is no empty archive";
}

TEST_F(Cudem, AMissingOrDamagedIndexIsAnError) {
  made_.http->put(kZip, "<html></html>");
  EXPECT_THAT(made_.failure(kNewYork), HasSubstr("cannot use the tile index '" + kZip + "'"));
  made_.http->remove(kZip);
  EXPECT_THAT(made_.failure(kNewYork), HasSubstr("404"));
}

TEST_F(Cudem, RowsThatAreNotThisArchivesNamesAreHarmless) {
  put({kNy},
      {row(kNy, -74, 40.5), row("../../x/../ev\nil.tif", -74, 40.5), row("a b;c", -74, 40.5)});
  EXPECT_THAT(found(), ElementsAre("ncei19_n40x75_w074x00"));
}

TEST_F(Cudem, AFailureAtAnyRequestIsAnErrorAndPoisonsNothing) {
  made_.http->put(kListing, listing({"dem/NCEI_ninth_Topobathy_2014_8483/" + kNy}));
  bool failed = true;
  for (int n = 1; failed; ++n) {
    ASSERT_LT(n, 10);
    made_.forget();
    made_.http->fail_call(n);
    failed = !made_.failure(kNewYork).empty();
    made_.http->fail_call(1000);
    EXPECT_THAT(found(), ElementsAre("ncei19_n40x75_w074x00")) << n;
  }
}

TEST_F(Cudem, WhatIsKnownIsNotAskedAgain) {
  found();
  const std::size_t calls = made_.http->calls().size();
  EXPECT_THAT(found(), Not(IsEmpty()));
  EXPECT_THAT(found({10, 10, 11, 11}), IsEmpty());
  EXPECT_EQ(calls, made_.http->calls().size());
}

}  // namespace
}  // namespace topobathy
