#include "archives/tile_scheme_file.h"

#include <gmock/gmock.h>

#include <fstream>

#include "archives/archive_bench.h"
#include "needed_data.h"
#include "providers/archive/stated_resolution.h"
#include "providers/noaa_bluetopo/tile_scheme.h"
#include "refusal.h"

namespace topobathy {
namespace {

using testing::HasSubstr;
using testing_support::refusal;

const std::string kPublished = "https://bucket.s3.amazonaws.com/scheme.gpkg";
const std::string kFolder = "https://bucket.s3.amazonaws.com/BlueTopo/";
const std::string kSum = std::string(64, 'a');

class TileScheme : public testing::Test {
 protected:
  std::vector<Asset> read(const std::vector<SchemeTile>& tiles, int epsg = 4326,
                          const std::string& tile_column = "tile") {
    write_scheme(path_, tiles, epsg, tile_column);
    return read_tile_scheme(path_, kPublished);
  }
  std::string refused(const std::vector<SchemeTile>& tiles) {
    write_scheme(path_, tiles);
    return refused_file();
  }
  std::string refused_file() {
    return refusal(ErrorCode::kUnreadable, [&] { read_tile_scheme(path_, kPublished); });
  }

  const SchemeTile good_{"BC26D26L",
                         kFolder + "BC26D26L/BlueTopo_BC26D26L_20250101.tiff",
                         kFolder + "BC26D26L/BlueTopo_BC26D26L_20250101.tiff.aux.xml",
                         "4m",
                         "ABCDEF" + std::string(58, '0'),
                         kSum,
                         box_wkt(-74, 40, -73.9, 40.1)};
  TestDirectory directory_;
  const std::string path_ = directory_.path() + "/scheme.gpkg";
};

TEST_F(TileScheme, ADeliveredTileIsAnAsset) {
  const auto assets = read({good_});
  ASSERT_EQ(1U, assets.size());
  const Asset& asset = assets[0];
  EXPECT_EQ("BC26D26L", asset.id);
  EXPECT_EQ(good_.link, asset.url);
  EXPECT_EQ(Asset::Access::kStream, asset.access);
  EXPECT_EQ(4.0, asset.resolution);
  EXPECT_EQ("abcdef" + std::string(58, '0'), asset.sha256);
  EXPECT_EQ(asset.sha256, asset.revision);
  EXPECT_EQ(good_.sidecar, asset.sidecar_url);
  EXPECT_EQ(kSum, asset.sidecar_sha256);
  EXPECT_EQ("", asset.heights.crs);
  EXPECT_EQ(StatedBy::kFile, asset.heights.by);
  EXPECT_EQ("noaa_bluetopo", asset.record.provider);
  EXPECT_EQ("file:BC26D26L", asset.record.key);
  EXPECT_EQ("", asset.record.vertical_basis);
  // Pixels may reach a little beyond the polygon.
  EXPECT_LT(asset.box.west, -74.0);
  EXPECT_GT(asset.box.west, -74.01);
  EXPECT_GT(asset.box.north, 40.1);
}

TEST_F(TileScheme, FinerTilesLieOnTop) {
  SchemeTile fine = good_, coarse = good_, unknown = good_;
  fine.resolution = "2m", coarse.resolution = "16m", unknown.resolution = "";
  coarse.tile = "COARSE", unknown.tile = "UNSTATED";
  const auto assets = read({fine, coarse, unknown});
  EXPECT_EQ("COARSE", assets[1].id);
  EXPECT_GT(assets[0].rank, assets[1].rank);  // BC26D26L, COARSE, UNSTATED
  EXPECT_GT(assets[1].rank, assets[2].rank);
}

TEST_F(TileScheme, NullLinksAreNotDelivered) {
  EXPECT_TRUE(read({{"BC26D26M", "", "", "4m", "", "", box_wkt(0, 0, 1, 1)}}).empty());
}

TEST_F(TileScheme, WithoutAChecksumTheDatedNameIsTheEdition) {
  SchemeTile tile = good_;
  tile.checksum = "not yet";
  tile.sidecar = "";
  const Asset asset = read({tile}).at(0);
  EXPECT_EQ("", asset.sha256);
  EXPECT_EQ("BlueTopo_BC26D26L_20250101.tiff", asset.revision);
  EXPECT_EQ("", asset.sidecar_url);
}

TEST_F(TileScheme, ColumnsAreFoundWithoutCaseAndByOtherNames) {
  EXPECT_EQ("BC26D26L", read({good_}, 4326, "TILE_NAME").at(0).id);
}

TEST_F(TileScheme, PolygonsInAnotherCrsAreTransformed) {
  SchemeTile tile = good_;
  tile.wkt = box_wkt(500000, 4427757, 510000, 4437757);  // EPSG:26918: its meridian is 75 W
  const LonLatBox box = read({tile}, 26918).at(0).box;
  EXPECT_NEAR(-75.0, box.west, 0.003);
  EXPECT_NEAR(40.0, box.south, 0.003);
  EXPECT_NEAR(-74.88, box.east, 0.005);
}

TEST_F(TileScheme, ATileAcrossTheAntimeridianIsNoBeltRoundTheWorld) {
  SchemeTile tile = good_;
  tile.wkt =
      "MULTIPOLYGON (((179.9 51,180 51,180 51.1,179.9 51.1,179.9 51)),((-180 51,-179.9 51,-179.9 "
      "51.1,-180 51.1,-180 51)))";
  const LonLatBox box = read({tile}).at(0).box;
  EXPECT_NEAR(179.9, box.west, 0.002);
  EXPECT_NEAR(180.1, box.east, 0.002);
}

TEST_F(TileScheme, ATileInTwoRowsIsOneAssetOverBoth) {
  SchemeTile second = good_;
  second.wkt = box_wkt(-73.9, 40.1, -73.8, 40.2);
  const auto assets = read({good_, second});
  ASSERT_EQ(1U, assets.size());
  EXPECT_NEAR(-74, assets[0].box.west, 0.002);
  EXPECT_NEAR(-73.8, assets[0].box.east, 0.002);
}

TEST_F(TileScheme, DamageIsRefused) {
  const auto with = [&](auto change) {
    SchemeTile tile = good_;
    change(tile);
    return refused({tile});
  };
  EXPECT_EQ(
      "'https://bucket.s3.amazonaws.com/scheme.gpkg': the tile scheme is damaged or of "
      "another kind: a link of tile 'BC26D26L' is no http or https URL of a file; try again "
      "later, when the archive is whole",
      with([](SchemeTile& tile) { tile.link = "../tiles/a.tiff"; }));
  const std::string no_link = "a link of tile 'BC26D26L' is no http or https URL of a file";
  EXPECT_THAT(with([](SchemeTile& tile) { tile.link = "file:///etc/passwd"; }), HasSubstr(no_link));
  EXPECT_THAT(with([](SchemeTile& tile) { tile.link = "/vsicurl/https://a.gov/b.tiff"; }),
              HasSubstr(no_link));
  EXPECT_THAT(with([](SchemeTile& tile) { tile.sidecar = "https://a.gov/..%2f..%2fevil.xml"; }),
              HasSubstr(no_link));
  const std::string no_name = "a delivered tile has no name, or one of no tile";
  EXPECT_THAT(with([](SchemeTile& tile) { tile.tile = ""; }), HasSubstr(no_name));
  EXPECT_THAT(with([](SchemeTile& tile) { tile.tile = "../../x"; }), HasSubstr(no_name));
  EXPECT_THAT(with([](SchemeTile& tile) { tile.wkt = ""; }),
              HasSubstr("tile 'BC26D26L' has no polygon"));
  EXPECT_THAT(with([](SchemeTile& tile) { tile.wkt = box_wkt(0, 4e6, 1, 4.1e6); }),
              HasSubstr("the polygon of tile 'BC26D26L' lies nowhere on Earth"));
  SchemeTile second = good_;
  second.link += "x";
  EXPECT_THAT(refused({good_, second}), HasSubstr("it lists tile 'BC26D26L' with two links"));
  write_scheme(path_, {good_}, 4326, "Region");
  EXPECT_THAT(refused_file(), HasSubstr("it has no column 'tile'"));
}

TEST_F(TileScheme, AFileThatIsNoSchemeIsRefused) {
  for (const char* content : {"", "<html>Sorry</html>", "<OGRVRTDataSource></OGRVRTDataSource>"}) {
    std::ofstream(path_, std::ios::trunc) << content;
    EXPECT_THAT(refused_file(), HasSubstr("the tile scheme is no GeoPackage with a layer"));
  }
  write_scheme(path_, {});
  std::filesystem::resize_file(path_, 20000);
  EXPECT_THAT(refused_file(), HasSubstr("the tile scheme"));
}

/// A scheme cut anywhere is refused, or nothing of it was lost.
TEST_F(TileScheme, ACutSchemeIsNeverReadShort) {
  std::vector<SchemeTile> tiles;
  for (int t = 0; t < 2000; ++t) {
    tiles.push_back(good_);
    tiles.back().tile = "T" + std::to_string(t);
  }
  write_scheme(path_, tiles);
  const std::string whole = read_whole_file(path_);
  for (std::size_t size = 4096; size < whole.size(); size += 90 * 1024) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    try {
      EXPECT_EQ(2000U, read_tile_scheme(path_, kPublished).size()) << "cut at " << size;
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kUnreadable, error.code());
    }
  }
}

TEST(TileSchemeShape, IsThatOfTheExample) {
  const std::string path =
      test::shared_data() + "/bluetopo/synthetic_schema/BlueTopo_Tile_Scheme_example.gpkg";
  TOPOBATHY_NEED_FILE(path);
  GDALAllRegister();
  // Its links are relative, which a published scheme's never are: columns and CRS were fine.
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, [&] { read_tile_scheme(path, kPublished); }),
              HasSubstr("a link of tile 'TILE_FINE_A' is no http or https URL of a file"));
}

TEST(StatedResolution, IsReadFromTextsOfNoaa) {
  EXPECT_EQ(4.0, resolution_of("4m"));
  EXPECT_EQ(0.5, resolution_of("0.5m"));
  EXPECT_EQ(0.5, resolution_of("50cm"));
  EXPECT_EQ(16.0, resolution_of("16 M"));
  for (const char* other : {"", "m", "VR", "4", "-4m", "1e9m", "nanm", "1of3", "4mm"})
    EXPECT_EQ(0.0, resolution_of(other)) << other;
}

}  // namespace
}  // namespace topobathy
