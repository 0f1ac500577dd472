#include "providers/coastal/tile_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/coastal_fixture.h"
#include "providers/coastal/published_names.h"

namespace topobathy {
namespace {

using coastal::IndexedFile;
using ::testing::HasSubstr;

const MadeIndex kOneTile{"ESRI Shapefile", {"location"}, 4269, {{{"a/one.tif"}, -74, 40, -73, 41}}};

class TileIndex : public ::testing::Test {
 protected:
  std::vector<IndexedFile> read(const std::string& name, const std::string& bytes) const {
    const std::string path = directory_.path() + "/" + name;
    write_bytes(path, bytes);
    return coastal::read_tile_index(path, "https://host/" + name);
  }
  std::string failure(const std::string& name, const std::string& bytes) const {
    try {
      read(name, bytes);
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kUnreadable, error.code());
      return error.what();
    }
    return "";
  }

  const TestDirectory directory_;
};

void expect_box(const LonLatBox& box, double west, double south, double east, double north) {
  EXPECT_NEAR(west, box.west, 2e-4);
  EXPECT_NEAR(south, box.south, 2e-4);
  EXPECT_NEAR(east, box.east, 2e-4);
  EXPECT_NEAR(north, box.north, 2e-4);
}

TEST_F(TileIndex, IsAZippedShapefileOrAGeoPackage) {
  for (const auto& rows :
       {read("a.zip", zipped_shapefile(kOneTile)), read("a.gpkg", geopackage(kOneTile))}) {
    ASSERT_EQ(1U, rows.size());
    EXPECT_EQ("a/one.tif", rows[0].name);
    expect_box(rows[0].box, -74, 40, -73, 41);
    EXPECT_LT(rows[0].box.west, -74.00005) << "not smaller than the pixels in any datum";
    EXPECT_GT(rows[0].box.north, 41.00005);
  }
}

TEST_F(TileIndex, ProjectedPolygonsBecomeLonLatBoxesWithBentEdges) {
  MadeIndex utm = kOneTile;
  utm.epsg = 26918;
  utm.rows = {{{"t.tif"}, 300000, 4500000, 700000, 4600000}};
  const auto rows = read("u.zip", zipped_shapefile(utm));
  ASSERT_EQ(1U, rows.size());
  // The corner lies at 40.6294; the northern edge reaches its highest latitude in the middle.
  EXPECT_GT(rows[0].box.north, 41.55);
  EXPECT_NEAR(-77.3, rows[0].box.west, 0.2);
  EXPECT_NEAR(-72.6, rows[0].box.east, 0.2);
}

TEST_F(TileIndex, TheFirstColumnThatHoldsANameCounts) {
  MadeIndex index = kOneTile;
  index.columns = {"Name", "Location", "URL"};
  index.rows = {{{"n", "l.tif", "https://h/u.tif"}, 0, 0, 1, 1},
                {{"n", "l.tif", ""}, 0, 0, 1, 1},
                {{"n", "", ""}, 0, 0, 1, 1},
                {{"", "", ""}, 0, 0, 1, 1}};
  const auto rows = read("c.gpkg", geopackage(index));
  ASSERT_EQ(3U, rows.size());
  EXPECT_EQ("https://h/u.tif", rows[0].name);
  EXPECT_EQ("l.tif", rows[1].name);
  EXPECT_EQ("n", rows[2].name);
}

TEST_F(TileIndex, OneThatCannotBeUsedSaysWhy) {
  MadeIndex other = kOneTile;
  other.columns = {"remarks"};
  EXPECT_EQ("cannot use the tile index 'https://host/n.gpkg': no column names the files",
            failure("n.gpkg", geopackage(other)));
  MadeIndex nowhere = kOneTile;
  nowhere.epsg = 0;
  EXPECT_EQ(
      "cannot use the tile index 'https://host/n.zip': it states no coordinate reference system",
      failure("n.zip", zipped_shapefile(nowhere)));
}

TEST_F(TileIndex, WhatIsNoIndexIsAnError) {
  EXPECT_THAT(failure("h.zip", "<html>no</html>"), HasSubstr("cannot use the tile index"));
  EXPECT_THAT(failure("h.gpkg", "<html>no</html>"), HasSubstr("cannot use the tile index"));
  EXPECT_THAT(failure("e.zip", ""), HasSubstr("cannot use the tile index"));
  const std::string whole = zipped_shapefile(kOneTile);
  EXPECT_THAT(failure("t.zip", whole.substr(0, whole.size() / 2)),
              HasSubstr("cannot use the tile index"));
  EXPECT_EQ(
      "cannot use the tile index 'https://host/w.zip': the zip does not hold exactly one shapefile "
      "or GeoPackage",
      failure("w.zip", zip_of({{"readme.txt", "hello"}})));
}

TEST_F(TileIndex, OfSeveralShapefilesTheOneCalledTileindexCounts) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const char* const stem : {"outline", "tileindex_x"})
    for (const auto& [extension, bytes] : shapefile(kOneTile))
      members.emplace_back(stem + extension, bytes);
  EXPECT_EQ(1U, read("two.zip", zip_of(members)).size());
}

TEST_F(TileIndex, MembersWithNamesThatLeadElsewhereAreNotOpenedAndNothingIsUnpacked) {
  // OGR makes no such zip: harmless names of the same length are overwritten.
  std::string zip = zipped_shapefile(kOneTile, "xx/xx/escaped");
  for (std::size_t at = zip.find("xx/xx/"); at != std::string::npos; at = zip.find("xx/xx/"))
    zip.replace(at, 6, "../../");
  EXPECT_THAT(failure("evil.zip", zip), HasSubstr("exactly one shapefile"));
  EXPECT_EQ(1U, directory_.files().size()) << "the zip itself";
}

TEST_F(TileIndex, FormatsThatNameOtherFilesAreNotOpened) {
  EXPECT_THAT(failure("v.gpkg",
                      "<OGRVRTDataSource><OGRVRTLayer name=\"a\"><SrcDataSource>/etc/passwd"
                      "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"),
              HasSubstr("cannot use the tile index"));
}

TEST(PublishedNames, PathsInAFolder) {
  const std::string folder = "NY_2017_9310";
  const auto in = [&](const std::string& name) { return coastal::path_in_folder(name, folder); };
  EXPECT_EQ("b/t.tif", in("https://h/dem/NY_2017_9310/b/t.tif"));
  EXPECT_EQ("b/t 1.tif", in("https://h/dem/NY_2017_9310/b/t%201.tif?sig=1"));
  EXPECT_EQ("t.tif", in("t.tif"));
  EXPECT_EQ("t.tif", in("./t.tif"));
  EXPECT_EQ("t.tif", in("D:\\out\\NY_2017_9310\\t.tif"));
  EXPECT_EQ("", in("https://h/dem/OTHER_1/t.tif"));
  EXPECT_EQ("", in("../t.tif"));
  EXPECT_EQ("", in("/etc/passwd"));
  EXPECT_EQ("", in("https://h/dem/NY_2017_9310/%2e%2e/t.tif"));
  EXPECT_EQ("", in("https://h/dem/NY_2017_9310/a%00b.tif/../t.tif"));
  EXPECT_EQ("", in("a\nb.tif"));
}

}  // namespace
}  // namespace topobathy
