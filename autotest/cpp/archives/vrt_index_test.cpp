#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/dem_archive_fixture.h"
#include "archives/vrt_answer.h"
#include "providers/dem/vrt_index.h"

namespace topobathy {
namespace {

using namespace dem_tests;

using testing::HasSubstr;

const VrtPlace kPlace{"https://host/dem/all.vrt", "https://host/dem/"};
const std::string kWhere = "'https://host/dem/all.vrt': ";

std::string refusal(const std::string& xml) {
  return message_of([&] { read_vrt_index(xml, kPlace); });
}
std::string refusal_of_link(const std::string& link, bool relative = false) {
  return refusal(vrt_answer({{link, 0, 0, 3612, 3612, relative}}));
}

TEST(VrtIndex, TilesHaveTheirPlaceAndAPixelMore) {
  // 1 arc-second, the corner at 75 W 42 N.
  const auto tiles = read_vrt_index(
      vrt_answer(
          {{"/vsicurl/https://host/dem/current/n42w075/USGS_1_n42w075.tif", 0, 0, 3600, 3600},
           {"/vsicurl/https://host/dem/b.tif", 3600, 7200, 3600, 1800}}),
      kPlace);
  ASSERT_EQ(2U, tiles.size());
  EXPECT_EQ("https://host/dem/current/n42w075/USGS_1_n42w075.tif", tiles[0].url);
  const double pixel = 1.0 / 3600.0;
  EXPECT_NEAR(-75.0 - pixel, tiles[0].box.west, 1e-9);
  EXPECT_NEAR(-74.0 + pixel, tiles[0].box.east, 1e-9);
  EXPECT_NEAR(42.0 + pixel, tiles[0].box.north, 1e-9);
  EXPECT_NEAR(41.0 - pixel, tiles[0].box.south, 1e-9);
  EXPECT_NEAR(-74.0 - pixel, tiles[1].box.west, 1e-9);
  EXPECT_NEAR(39.5 - pixel, tiles[1].box.south, 1e-9);
}

TEST(VrtIndex, NamesMayBeRelativeToTheVrt) {
  const auto tiles =
      read_vrt_index(vrt_answer({{"NASADEM_be/n40w074.tif", 0, 0, 3600, 3600, true}}), kPlace);
  EXPECT_EQ("https://host/dem/NASADEM_be/n40w074.tif", tiles.front().url);
}

TEST(VrtIndex, OnlyTheFirstBandCounts) {
  std::string xml = vrt_answer({{"/vsicurl/https://host/dem/a.tif", 0, 0, 10, 10}});
  const std::string more =
      "<VRTRasterBand band=\"2\"><SimpleSource><SourceFilename>/vsicurl/https://evil/x.tif"
      "</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>";
  xml.replace(xml.rfind("</VRTDataset>"), std::string::npos, more);
  EXPECT_EQ(1U, read_vrt_index(xml, kPlace).size());
}

TEST(VrtIndex, AMosaicAcrossTheAntimeridianStaysOnTheFirstTurn) {
  const auto tiles = read_vrt_index(
      vrt_answer({{"/vsicurl/https://host/dem/a.tif", 256 * 3600, 0, 3600, 3600}}), kPlace);
  EXPECT_NEAR(-179.0, tiles[0].box.west, 0.001);
}

TEST(VrtIndex, RefusesLinksThatLeadElsewhere) {
  for (const char* const link :
       {"/vsicurl/https://evil.example/dem/a.tif", "/vsicurl/http://host/dem/a.tif",
        "/vsicurl/https://host/dem/../secret.tif", "/vsicurl/https://host/other/a.tif",
        "/vsicurl/https://host/dem//a.tif", "/vsicurl/https://host/dem/.a.tif",
        "/vsicurl/https://host/dem/a.tif?x=1", "/vsicurl/https://host/dem/%2e%2e/a.tif",
        "/vsicurl/https://host/dem/a b.tif", "/vsicurl/https://host/dem/", "/vsis3/bucket/a.tif",
        "/etc/passwd", "a.tif", "../a.tif", "", "/vsicurl/https://host/dem/&xxe;",
        "/vsicurl?url=https://host/dem/a.tif"})
    EXPECT_THAT(refusal_of_link(link),
                testing::AllOf(testing::StartsWith(kWhere + "lists '"),
                               HasSubstr("which is no file below https://host/dem/; the index is "
                                         "not believed")))
        << link;
  for (const char* const link : {"../a.tif", "/etc/passwd", "https://evil/a.tif", "a/../../b.tif"})
    EXPECT_THAT(refusal_of_link(link, true), HasSubstr("the index is not believed")) << link;
}

TEST(VrtIndex, RefusesWhatIsNoVrt) {
  for (const char* const text :
       {"", "no XML", "<html><body>sign in</body></html>", "<VRTDataset", "<OGRVRTDataSource/>"})
    EXPECT_THAT(refusal(text), testing::StartsWith(kWhere + "no VRT (")) << text;
  EXPECT_EQ(kWhere + "the VRT lists no tile", refusal(vrt_answer({})));
  const std::string whole = vrt_answer({{"/vsicurl/https://host/dem/a.tif", 0, 0, 10, 10}});
  EXPECT_THAT(refusal(whole.substr(0, whole.size() - 40)), HasSubstr("no VRT (")) << "cut";
}

TEST(VrtIndex, RefusesEntities) {
  EXPECT_EQ(kWhere + "a VRT has no document type or entities; this is something else",
            refusal("<!DOCTYPE v [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]>" + vrt_answer({})));
}

TEST(VrtIndex, RefusesWhatIsTooLongOrTooDeep) {
  EXPECT_EQ(kWhere + "the VRT is longer than 25165824 bytes",
            refusal(std::string(kMaxVrtBytes + 1, ' ')));
  std::string deep;
  for (int n = 0; n < 300000; ++n)
    deep += "<VRTDataset>";
  EXPECT_THAT(refusal(deep), HasSubstr("no VRT ("));
  EXPECT_NE("", refusal("<VRTDataset>" + std::string(10 << 20, 'x') + "</VRTDataset>"));
}

TEST(VrtIndex, RefusesTilesWithoutAPlace) {
  const std::string nowhere = kWhere + "a tile of the VRT has no place in longitudes and latitudes";
  const std::string link = "/vsicurl/https://host/dem/a.tif";
  EXPECT_EQ(nowhere, refusal(vrt_answer({{link, 0, 0, 1e9, 10}})));
  EXPECT_EQ(nowhere, refusal(vrt_answer({{link, 0, 0, -10, -10}})));
  std::string xml = vrt_answer({{link, 0, 0, 10, 10}});
  xml.replace(xml.rfind("xSize"), 5, "zSize");
  EXPECT_EQ(nowhere, refusal(xml));
}

TEST(VrtIndex, RefusesAGridThatIsNotNorthUp) {
  const auto with_transform = [](const std::string& numbers) {
    std::string xml = vrt_answer({{"/vsicurl/https://host/dem/a.tif", 0, 0, 10, 10}});
    const std::size_t from = xml.find("<GeoTransform>") + 14;
    return xml.replace(from, xml.find("</GeoTransform>") - from, numbers);
  };
  EXPECT_EQ(kWhere + "the VRT has no GeoTransform of 6 numbers", refusal(with_transform("1,2,3")));
  EXPECT_EQ(kWhere + "the VRT is not north-up", refusal(with_transform("0,1,0,0,0,1")));
  EXPECT_EQ(kWhere + "the VRT is not north-up", refusal(with_transform("0,1,0.1,0,0,-1")));
  EXPECT_EQ(kWhere + "the VRT is not north-up", refusal(with_transform("0,nan,0,0,0,-1")));
  EXPECT_THAT(refusal(with_transform("500000,10,0,4500000,0,-10")), HasSubstr("has no place"));
}

}  // namespace
}  // namespace topobathy
