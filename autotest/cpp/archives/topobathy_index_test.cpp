#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/topobathy_fixture.h"
#include "providers/noaa_topobathy/project_tiles.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

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
