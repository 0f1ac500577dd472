#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "archives/coastal_fixture.h"
#include "providers/noaa_topobathy/project_tiles.h"

namespace topobathy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr LonLatBox kInside{0.4, 0.4, 0.6, 0.6};
const std::string kDavJson = kCoast + "/laz/dav.json";
const std::string kIndexHtml = kCoast + "/laz/index.html";

struct MadeProject {
  std::string folder;
  std::string item;
  LonLatBox box{0, 0, 1, 1};
  std::string datum = "NAVD88";
  std::string title = "topobathy DEM";
  std::string year = "2015";
  std::string resolution = "1";
  std::vector<std::string> tiles = {"tile_001.tif"};
};

std::string item_url(const std::string& item) {
  return "https://www.fisheries.noaa.gov/inport/item/" + item + "/inport-xml";
}

std::string number_text(double number) {
  return std::to_string(number);
}

std::string dav_feature(const MadeProject& project) {
  const auto [w, s, e, n] = project.box;
  const auto point = [](double x, double y) {
    return "[" + number_text(x) + "," + number_text(y) + "]";
  };
  return R"({"type":"Feature","geometry":{"type":"Polygon","coordinates":[[)" + point(w, s) + "," +
         point(e, s) + "," + point(e, n) + "," + point(w, n) + "," + point(w, s) +
         R"(]]},"properties":{"Name":"p","DataType":"DEM","Year":0,"Metalink":)"
         R"("https://www.fisheries.noaa.gov/inport/item/)" +
         project.item + R"(","ExternalProviderLink":{"links":[{"label":"Bulk Download","link":")" +
         kCoast + "/dem/" + project.folder + R"(/index.html"}]}}})";
}

std::string item_xml(const MadeProject& project) {
  return "<inport-metadata><item-identification><title>" + project.title +
         "</title></item-identification><time-frame><start-date-time>" + project.year +
         "-01-01</start-date-time><end-date-time>" + project.year +
         "-12-31</end-date-time></time-frame><spatial-resolution><horizontal-distance>" +
         project.resolution +
         "</horizontal-distance></spatial-resolution><coordinate-reference-system><crs-type>"
         "Vertical</crs-type><datum-name>" +
         project.datum + "</datum-name></coordinate-reference-system></inport-metadata>";
}

/// The archive's list, its items, and each project's folder with a zipped shapefile.
class Topobathy : public ::testing::Test {
 protected:
  Topobathy() : made_("noaa_topobathy") {}

  void put_folder(const MadeProject& project) {
    const std::string prefix = "dem/" + project.folder + "/";
    std::vector<std::string> keys = {prefix + "index.html", prefix + "tileindex_x.zip"};
    MadeIndex index;
    for (const std::string& tile : project.tiles) {
      keys.push_back(prefix + tile);
      index.rows.push_back(
          {{tile}, project.box.west, project.box.south, project.box.east, project.box.north});
    }
    const std::string zip = zipped_shapefile(index);
    made_.http->put(listing_url("dem%2F" + project.folder + "%2F"), listing(keys));
    made_.http->put(kCoast + "/" + prefix + "tileindex_x.zip", zip);
  }

  void put(const std::vector<MadeProject>& projects) {
    std::string features, rows;
    for (const MadeProject& project : projects) {
      features += (features.empty() ? "" : ",") + dav_feature(project);
      rows += "<tr><td><a href=\"" + kCoast + "/dem/" + project.folder +
              "/index.html\">Bulk</a></td>\n<td><a "
              "href=\"https://www.fisheries.noaa.gov/inport/item/" +
              project.item + "\">Metadata</a></td></tr>\n";
      made_.http->put(item_url(project.item), item_xml(project));
      put_folder(project);
    }
    made_.http->put(kDavJson, R"({"type":"FeatureCollection","features":[)" + features + "]}");
    made_.http->put(kIndexHtml, "<table>" + rows + "</table>");
  }

  Filter& filter() { return made_.step.filter; }

  CoastalSetup made_;
};

MadeProject old_one() {
  MadeProject project{"Old_DEM_8888", "1"};
  project.datum = "Ellipsoid";
  project.year = "2010";
  return project;
}

MadeProject new_one() {
  MadeProject project{"New_DEM_9999", "2"};
  project.year = "2020";
  return project;
}

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

TEST_F(Topobathy, AProjectWithoutATileIndexIsAnErrorThatNamesTheWayOut) {
  put({new_one()});
  made_.http->put(listing_url("dem%2FNew_DEM_9999%2F"), listing({"dem/New_DEM_9999/tile_001.tif"}));
  EXPECT_EQ(
      "the coastal lidar project 'New_DEM_9999' has no tile index in "
      "'https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com/dem/New_DEM_9999/'; leave the project "
      "out with filter: {exclude_patterns: [New_DEM_9999]}, or try again later",
      made_.failure(kInside));
  filter().exclude_patterns = {"New_DEM_9999"};
  EXPECT_THAT(told(made_.find(kInside)),
              ElementsAre("9999: 'New_DEM_9999' is left out by include_patterns or "
                          "exclude_patterns"));
}

// Defect 11: an index of point clouds names no raster.
TEST_F(Topobathy, AnIndexOfPointCloudsIsNoIndexOfRasters) {
  put({new_one()});
  MadeIndex index;
  index.rows = {{{"https://h/laz/geoid18/9999/a.copc.laz"}, 0, 0, 1, 1}, {{"a.laz"}, 0, 0, 1, 1}};
  made_.http->put(kCoast + "/dem/New_DEM_9999/tileindex_x.zip", zipped_shapefile(index));
  EXPECT_EQ(
      "the tile index of the coastal lidar project 'New_DEM_9999' names no raster of its folder; "
      "leave the project out with filter: {exclude_patterns: [New_DEM_9999]}, or try again later",
      made_.failure(kInside));
  for (const std::string& url : made_.http->calls())
    EXPECT_THAT(url, Not(HasSubstr("geoid")));
}

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

TEST_F(Topobathy, AnUnchangedIndexIsNotFetchedAgain) {
  put({new_one()});
  const Discovery first = ask_project_tiles(*made_.context, "9999", "New_DEM_9999", "");
  const std::string url = kCoast + "/dem/New_DEM_9999/tileindex_x.zip";
  const std::string zip = bytes_of(made_.directory.path() + "/tile_index/9999.zip");
  std::string listed =
      listing({"dem/New_DEM_9999/tileindex_x.zip", "dem/New_DEM_9999/tile_001.tif"});
  listed.replace(listed.find("<Size>12<"), 9, "<Size>" + std::to_string(zip.size()) + "<");
  made_.http->put(listing_url("dem%2FNew_DEM_9999%2F"), listed);
  const Discovery second = ask_project_tiles(*made_.context, "9999", "New_DEM_9999", first.note);
  EXPECT_NE(first.note, second.note);
  EXPECT_EQ(url, made_.http->calls().back()) << "another edition";
  const Discovery third = ask_project_tiles(*made_.context, "9999", "New_DEM_9999", second.note);
  EXPECT_NE(url, made_.http->calls().back());
  EXPECT_EQ(1U, third.assets.size());
}

TEST_F(Topobathy, CudemIsLeftToItsOwnProvider) {
  MadeProject cudem{"NCEI_ninth_Topobathy_2014_8483", "3"};
  put({new_one(), cudem});
  EXPECT_THAT(told(made_.find(kInside)),
              ElementsAre("8483: no lidar project but CUDEM: use provider ncei_cudem",
                          "9999/tile_001.tif"));
  filter().project_ids = {"8483"};
  EXPECT_THAT(told(made_.find(kInside)), Contains("8483/tile_001.tif"))
      << "whoever names a project means it";
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

TEST_F(Topobathy, ProjectsOutOfTheListAreNotAskedAfter) {
  put({new_one(), old_one()});
  filter().project_ids = {"8888"};
  EXPECT_THAT(told(made_.find(kInside)),
              ElementsAre("9999: project 9999 is not in project_id", "8888/tile_001.tif"));
  for (const std::string& url : made_.http->calls())
    EXPECT_THAT(url, Not(HasSubstr("New_DEM")));
}

TEST_F(Topobathy, TheOrderOfTheListIsTheOrderOnTheGround) {
  put({new_one(), old_one()});
  filter().project_ids = {"8888", "9999"};
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("9999/tile_001.tif", "8888/tile_001.tif"));
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

TEST_F(Topobathy, FiltersSayWhyAProjectIsLeftOut) {
  MadeProject coarse = new_one();
  coarse.resolution = "5";
  put({coarse, old_one()});
  filter().min_year = 2015;
  filter().max_resolution = 2;
  EXPECT_THAT(told(made_.find(kInside)),
              UnorderedElementsAre("8888: of 2010, older than min_year 2015",
                                   "9999: pixels of 5 m are coarser than max_resolution 2"));
}

TEST_F(Topobathy, PatternsAreOnTheNamesOfFolders) {
  put({new_one(), old_one()});
  filter().include_patterns = {"New_*"};
  const std::string other = "'" + old_one().folder + "' is left out by include_patterns or ";
  EXPECT_THAT(told(made_.find(kInside)),
              UnorderedElementsAre("8888: " + other + "exclude_patterns", "9999/tile_001.tif"));
  filter().exclude_patterns = {"*"};
  EXPECT_THAT(told(made_.find(kInside)),
              testing::Each(HasSubstr("is left out by include_patterns or exclude_patterns")));
}

TEST_F(Topobathy, AnUnknownResolutionIsKept) {
  MadeProject unknown = new_one();
  unknown.resolution = "";
  put({unknown});
  filter().max_resolution = 2;
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("9999/tile_001.tif"));
}

TEST_F(Topobathy, TheTypeIsThatOfNameOrMetadata) {
  MadeProject land{"Land_DEM_1", "1"};
  land.title = "2016 King County DEM";
  MadeProject named{"Named_TopoBathy_2", "2"};
  named.title = "some DEM";
  MadeProject flagged{"Flagged_DEM_3", "3"};
  flagged.title = "2016 bathymetric DEM";
  put({land, named, flagged});
  EXPECT_THAT(told(made_.find(kInside)),
              UnorderedElementsAre("1: a topographic project, and project_type is topobathy",
                                   "2/tile_001.tif", "3/tile_001.tif"));
  filter().project_type = ProjectType::kTopographic;
  EXPECT_THAT(told(made_.find(kInside)),
              UnorderedElementsAre(
                  "1/tile_001.tif", "2: a topobathymetric project, and project_type is topographic",
                  "3: a topobathymetric project, and project_type is topographic"));
  filter().project_ids = {"1"};
  filter().project_type = ProjectType::kTopobathy;
  EXPECT_THAT(told(made_.find(kInside)), Contains("1/tile_001.tif"))
      << "whoever names a project means it";
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

TEST_F(Topobathy, TilesInSubFoldersAndRowsInEveryStyleFindTheirFile) {
  MadeProject project{"CA_Topobathy_2011_2616", "4"};
  put({project});
  const std::string prefix = "dem/CA_Topobathy_2011_2616/";
  MadeIndex index;
  index.columns = {"url", "location"};
  index.rows = {{{kCoast + "/" + prefix + "block_1a/a.tif", ""}, 0, 0, 1, 1},
                {{"https://coast.noaa.gov/htdata/raster2/elevation/CA_Topobathy_2011_2616/"
                  "block_1a/b.img",
                  ""},
                 0,
                 0,
                 1,
                 1},
                {{"", "c"}, 0, 0, 1, 1},
                {{"", "d.tif"}, 0, 0, 1, 1},
                {{"", "gone.tif"}, 0, 0, 1, 1},
                {{"", "../evil.tif"}, 0, 0, 1, 1}};
  made_.http->put(kCoast + "/" + prefix + "tileindex_x.gpkg", geopackage(index));
  made_.http->put(
      listing_url("dem%2FCA_Topobathy_2011_2616%2F"),
      listing({prefix + "block_1a/a.tif", prefix + "block_1a/b.img",
               prefix + "block_1a/tileindex_block.zip", prefix + "c.tif", prefix + "x/d.tif",
               prefix + "y/d.tif", prefix + "tileindex_x.gpkg", prefix + "tileindex_x.zip"}));
  EXPECT_THAT(told(made_.find(kInside)),
              ElementsAre("2616/block_1a/a.tif", "2616/block_1a/b.img", "2616/c.tif",
                          "2616/d.tif: in the tile index, but not in the folder",
                          "2616/gone.tif: in the tile index, but not in the folder"));
  EXPECT_THAT(made_.warnings,
              ElementsAre("2 rasters of the coastal lidar project 'CA_Topobathy_2011_2616' are not "
                          "in its tile index and are not used"));
}

TEST_F(Topobathy, AShapefileInPiecesIsFetchedWhole) {
  put({new_one()});
  const std::string prefix = "dem/New_DEM_9999/";
  MadeIndex index;
  index.rows = {{{"tile_001.tif"}, 0, 0, 1, 1}};
  std::vector<std::string> keys = {prefix + "tile_001.tif"};
  for (const auto& [extension, bytes] : shapefile(index)) {
    keys.push_back(prefix + "tileindex" + extension);
    made_.http->put(kCoast + "/" + keys.back(), bytes);
  }
  made_.http->put(listing_url("dem%2FNew_DEM_9999%2F"), listing(keys));
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("9999/tile_001.tif"));
}

TEST_F(Topobathy, AChangedFileHasAnotherRevision) {
  put({new_one()});
  const std::string before = made_.find(kInside).at(0).asset.revision;
  made_.http->put(
      listing_url("dem%2FNew_DEM_9999%2F"),
      listing({"dem/New_DEM_9999/tileindex_x.zip", "dem/New_DEM_9999/tile_001.tif"}, "", "e2"));
  made_.forget();
  EXPECT_NE(before, made_.find(kInside).at(0).asset.revision);
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

TEST_F(Topobathy, ACutOrForeignIndexIsAnErrorAndPoisonsNothing) {
  put({new_one()});
  const std::string url = kCoast + "/dem/New_DEM_9999/tileindex_x.zip";
  MadeIndex index;
  index.rows = {{{"tile_001.tif"}, 0, 0, 1, 1}};
  const std::string whole = zipped_shapefile(index);
  for (const std::string& bad :
       {whole.substr(0, 100), std::string("<html></html>"), std::string()}) {
    made_.http->put(url, bad);
    EXPECT_THAT(made_.failure(kInside), HasSubstr("cannot use the tile index '" + url + "'"));
  }
  made_.http->remove(url);
  EXPECT_THAT(made_.failure(kInside), HasSubstr("404")) << "listed, but gone";
  made_.http->put(url, whole);
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("9999/tile_001.tif"));
}

}  // namespace
}  // namespace topobathy
