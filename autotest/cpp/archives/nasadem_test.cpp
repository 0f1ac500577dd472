#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/dem_archive_fixture.h"
#include "archives/stac_answers.h"
#include "archives/vrt_answer.h"

namespace topobathy {
namespace {

using namespace dem_tests;

using testing::ElementsAre;
using testing::HasSubstr;

const LonLatBox kNewYork{-73.5, 40.5, -73.4, 40.6};

struct NasademStac : DemBench {
  NasademStac() : DemBench("nasadem") {
    const std::string blob =
        "https://nasademeuwest.blob.core.windows.net/nasadem-cog/v001/NASADEM_HGT_n40w074.tif";
    nlohmann::json item =
        stac_item("NASADEM_HGT_n40w074", {-74.0001, 39.9999, -72.9999, 41.0001}, "unused");
    item["assets"] = {{"elevation", {{"href", blob + "?sig=STALE"}}}};
    http->put(stac_search("nasadem", "-74,40,-73,41"), stac_page({item}));
    http->put("https://planetarycomputer.microsoft.com/api/sas/v1/token/nasademeuwest/nasadem-cog",
              sas_answer("A"));
    http->put(blob + "?st=2030&sp=rl&sig=A", "x");
  }
};

TEST(Nasadem, ThePlanetaryComputerIsTheDefault) {
  NasademStac bench;
  const Asset asset = bench.find(kNewYork).at(0).asset;
  EXPECT_EQ("NASADEM_HGT_n40w074", asset.id);
  EXPECT_EQ("https://nasademeuwest.blob.core.windows.net/nasadem-cog/v001/NASADEM_HGT_n40w074.tif",
            asset.url);
  EXPECT_EQ("nasadem", asset.record.provider);
  EXPECT_EQ("file:NASADEM_HGT_n40w074", asset.record.key);
  EXPECT_EQ("EPSG:5773", asset.heights.crs);
  EXPECT_EQ("EGM96", asset.record.vertical_datum);
  EXPECT_EQ(30.0, asset.resolution);
}

TEST(Nasadem, NoFailurePoisons) {
  NasademStac().expect_no_failure_poisons(kNewYork);
}

TEST(Nasadem, EndsWhereTheShuttleDid) {
  const auto extent = NasademStac().archive()->extent();
  ASSERT_TRUE(extent);
  EXPECT_NEAR(60.0, extent->north, 0.001);
  EXPECT_NEAR(-56.0, extent->south, 0.001);
  EXPECT_FALSE(DemBench("copernicus_dsm").archive()->extent());
}

TEST(Nasadem, MirrorIsListedByItsVrt) {
  DemBench bench("nasadem", "vrt");
  const std::string base = "https://opentopography.s3.sdsc.edu/raster/NASADEM/";
  bench.http->put(
      base + "NASADEM_be.vrt",
      vrt_answer({{"NASADEM_be/NASADEM_HGT_n40w074.tif", 3600, 3600, 3601, 3601, true},
                  {"NASADEM_be/NASADEM_HGT_n40w073.tif", 7200, 3600, 3601, 3601, true}}));
  bench.http->put(base + "NASADEM_be/NASADEM_HGT_n40w074.tif", "x");
  const Asset asset = bench.find(kNewYork).at(0).asset;
  EXPECT_EQ("file:NASADEM_HGT_n40w074", asset.record.key);
  EXPECT_EQ("nasadem", asset.record.provider);
  EXPECT_THAT(bench.ids(kNewYork), ElementsAre("NASADEM_HGT_n40w074"));
  EXPECT_EQ(2U, bench.http->calls().size());
}

}  // namespace
}  // namespace topobathy
