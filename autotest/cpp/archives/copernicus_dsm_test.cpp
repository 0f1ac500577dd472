#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/dem_archive_fixture.h"
#include "archives/stac_answers.h"
#include "providers/copernicus_dsm/tile_list.h"

namespace topobathy {
namespace {

using namespace dem_tests;

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kBucket = "https://copernicus-dem-30m.s3.amazonaws.com/";
const std::string kList = kBucket + "tileList.txt";

std::string name(const std::string& corner, const std::string& seconds = "10") {
  return "Copernicus_DSM_COG_" + seconds + "_" + corner + "_DEM";
}

struct Glo30 : DemBench {
  Glo30() : DemBench("copernicus_dsm") {
    std::string list;
    for (const char* const corner :
         {"N40_00_W074_00", "N40_00_W075_00", "N51_00_W180_00", "N51_00_E179_00", "S01_00_E000_00",
          "S01_00_W001_00", "N00_00_E000_00", "N00_00_W001_00", "S90_00_W180_00"}) {
      list += name(corner) + "\r\n";
      http->put(kBucket + name(corner) + "/" + name(corner) + ".tif", corner);
    }
    http->put(kList, list);
  }
};

TEST(CopernicusTileList, BoxesHoldThePixels) {
  const auto tiles = read_tile_list(name("N53_00_W115_00") + "\n", "10", kList);
  ASSERT_EQ(1U, tiles.size());
  const LonLatBox& box = tiles[0].box;
  EXPECT_LE(box.west, -115.000208334);
  EXPECT_GE(box.north, 54.000138888);
  EXPECT_GE(box.east, -114.0);
  EXPECT_LE(box.south, 53.0);
  EXPECT_NEAR(-115.0, box.west, 0.002) << "no more than the widest pixel";
  EXPECT_LE(read_tile_list(name("N85_00_W115_00", "30"), "30", kList)[0].box.west, -115.00416);
}

TEST(CopernicusTileList, RefusesWhatIsNoList) {
  const auto refusal = [](const std::string& text) {
    return message_of([&] { read_tile_list(text, "10", kList); });
  };
  const std::string no_name = "'" + kList +
                              "': a line is no name of a tile; the list is not believed (a login "
                              "page or proxy may answer in its place)";
  for (const std::string& line :
       {std::string("<html>"), name("N40_00_W074_00", "30"), name("N40_00_W074_00") + "/../x",
        "../" + name("N40_00_W074_00"), name("N90_00_W074_00"), name("N40_00_E180_00"),
        name("N40_00_W181_00"), name("S00_00_E000_00"), name("N40_30_W074_00"),
        name("N4x_00_W074_00"), name("X40_00_W074_00"), name("N40_00_W074_00").substr(0, 30),
        name("N40_00_W074_00") + std::string(1, '\0')})
    EXPECT_EQ(no_name, refusal(name("N41_00_W074_00") + "\n" + line + "\n")) << line;
  EXPECT_EQ("'" + kList + "': the list names no tile; try again later", refusal("\n\r\n"));
  EXPECT_EQ("'" + kList + "': the list is longer than 4194304 bytes",
            refusal(std::string(kMaxTileListBytes + 1, '\n')));
}

TEST(CopernicusDsm, IsDescribed) {
  Glo30 bench;
  const Asset asset = bench.find({-73.5, 40.5, -73.4, 40.6}).at(0).asset;
  EXPECT_EQ(name("N40_00_W074_00"), asset.id);
  EXPECT_EQ(kBucket + asset.id + "/" + asset.id + ".tif", asset.url);
  EXPECT_EQ("\"1\"", asset.revision);
  EXPECT_EQ(30.0, asset.resolution);
  EXPECT_EQ("EPSG:3855", asset.heights.crs);
  EXPECT_EQ(StatedBy::kArchive, asset.heights.by);
  EXPECT_EQ("copernicus_dsm", asset.record.provider);
  EXPECT_EQ("file:" + asset.id, asset.record.key);
  EXPECT_EQ("EGM2008", asset.record.vertical_datum);
  EXPECT_THAT(asset.record.license_url, HasSubstr("spacedata.copernicus.eu"));
}

TEST(CopernicusDsm, TilesAreNamedByTheirSouthWestCorner) {
  Glo30 bench;
  EXPECT_THAT(bench.ids({0.4, 0.4, 0.5, 0.5}), ElementsAre(name("N00_00_E000_00")));
  EXPECT_THAT(bench.ids({-0.5, 0.4, -0.4, 0.5}), ElementsAre(name("N00_00_W001_00")));
  EXPECT_THAT(bench.ids({0.4, -0.5, 0.5, -0.4}), ElementsAre(name("S01_00_E000_00")));
  EXPECT_THAT(bench.ids({-0.5, -0.5, -0.4, -0.4}), ElementsAre(name("S01_00_W001_00")));
  EXPECT_THAT(bench.ids({-179.5, -89.5, -179.4, -89.4}), ElementsAre(name("S90_00_W180_00")));
}

TEST(CopernicusDsm, LiesOnBothSidesOfTheAntimeridian) {
  Glo30 bench;
  const auto both = ElementsAre(name("N51_00_E179_00"), name("N51_00_W180_00"));
  EXPECT_THAT(bench.ids({179.5, 51.4, -179.5, 51.6}), both);
  EXPECT_THAT(bench.ids({179.5, 51.4, 180.5, 51.6}), both);
  EXPECT_THAT(bench.ids({-179.5, 51.4, -179.4, 51.6}), ElementsAre(name("N51_00_W180_00")));
}

TEST(CopernicusDsm, SeaIsNoCoverage) {
  Glo30 bench;
  EXPECT_THAT(bench.ids({-60, 40, -59, 41}), ElementsAre());
  EXPECT_EQ(1U, bench.http->calls().size());
}

TEST(CopernicusDsm, NoFailurePoisons) {
  Glo30().expect_no_failure_poisons({-74.1, 40.5, -73.9, 40.6});
}

TEST(CopernicusDsm, AListedTileThatIsGoneIsNoSea) {
  Glo30 bench;
  bench.http->remove(kBucket + name("N40_00_W074_00") + "/" + name("N40_00_W074_00") + ".tif");
  EXPECT_THAT(message_of([&] {
                bench.find({-73.5, 40.5, -73.4, 40.6});
              }),
              HasSubstr("not there (any more)"));
}

TEST(CopernicusDsm, ALostListIsNoSea) {
  Glo30 bench;
  bench.http->remove(kList);
  EXPECT_THAT(message_of([&] { bench.find({-60, 40, -59, 41}); }), HasSubstr("404"));
}

TEST(CopernicusDsm, NinetyMetresComeFromTheirOwnBucket) {
  DemBench bench("copernicus_dsm", "glo90");
  const std::string bucket = "https://copernicus-dem-90m.s3.amazonaws.com/";
  const std::string tile = name("N40_00_W074_00", "30");
  bench.http->put(bucket + "tileList.txt", tile);
  bench.http->put(bucket + tile + "/" + tile + ".tif", "x");
  const Asset asset = bench.find({-73.5, 40.5, -73.4, 40.6}).at(0).asset;
  EXPECT_EQ(tile, asset.id);
  EXPECT_EQ(90.0, asset.resolution);
}

TEST(CopernicusDsm, ThePlanetaryComputerHasTheSameKeys) {
  DemBench bench("copernicus_dsm", "stac");
  const std::string tile = name("N40_00_W074_00");
  const std::string blob =
      "https://elevationeuwest.blob.core.windows.net/copernicus-dem/COP30_hh/" + tile + ".tif";
  bench.http->put(stac_search("cop-dem-glo-30", "-74,40,-73,41"),
                  stac_page({stac_item(tile, {-74.0001, 40.0001, -73.0001, 41.0001}, blob)}));
  bench.http->put(
      "https://planetarycomputer.microsoft.com/api/sas/v1/token/elevationeuwest/copernicus-dem",
      sas_answer("A"));
  bench.http->put(blob + "?st=2030&sp=rl&sig=A", "x");
  const Asset asset = bench.find({-73.5, 40.5, -73.4, 40.6}).at(0).asset;
  EXPECT_EQ(tile, asset.id);
  EXPECT_EQ(blob, asset.url);
  EXPECT_EQ("copernicus_dsm", asset.record.provider);
  EXPECT_EQ("file:" + tile, asset.record.key);
  EXPECT_EQ("EPSG:3855", asset.heights.crs);
  EXPECT_EQ("", asset.record.date_start) << "the item's datetime is no day of survey";
}

}  // namespace
}  // namespace topobathy
