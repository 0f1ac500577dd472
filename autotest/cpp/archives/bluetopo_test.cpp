#include "providers/noaa_bluetopo/bluetopo_archive.h"

#include <gmock/gmock.h>

#include "archives/archive_bench.h"
#include "archives/tile_scheme_file.h"
#include "fusion/sha256.h"
#include "needed_data.h"
#include "providers/noaa_bluetopo/attribute_sidecar.h"
#include "refusal.h"

namespace topobathy {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing_support::refusal;

const std::string kBucket = "https://noaa-ocs-nationalbathymetry-pds.s3.amazonaws.com/";
const std::string kListing = kBucket + "?list-type=2&prefix=BlueTopo%2F_BlueTopo_Tile_Scheme%2F";
const std::string kSchemes = "BlueTopo/_BlueTopo_Tile_Scheme/";
const std::string kSidecar =
    "<PAMDataset><PAMRasterBand band=\"3\"><GDALRasterAttributeTable>"
    "<FieldDefn index=\"0\"><Name>value</Name><Type>0</Type><Usage>5</Usage></FieldDefn>"
    "<Row index=\"0\"><F>12</F></Row></GDALRasterAttributeTable></PAMRasterBand></PAMDataset>";
const LonLatBox kBox{-74, 40, -73, 41};

std::string listing(const std::vector<std::string>& keys) {
  std::string body = "<ListBucketResult><IsTruncated>false</IsTruncated>";
  for (const std::string& key : keys)
    body += "<Contents><Key>" + key + "</Key></Contents>";
  return body + "</ListBucketResult>";
}

class Bluetopo : public testing::Test {
 protected:
  void SetUp() override { publish("20250101"); }

  static std::string tile_url(const std::string& tile, const std::string& date) {
    return kBucket + "BlueTopo/" + tile + "/BlueTopo_" + tile + "_" + date + ".tiff";
  }

  /// A release: a scheme and two tiles under names with its date; the old names are gone.
  void publish(const std::string& date, const std::string& sidecar = kSidecar) {
    std::vector<SchemeTile> tiles;
    for (const char* tile : {"FINE", "COARSE"}) {
      const std::string url = tile_url(tile, date);
      if (!date_.empty()) {
        bench_.http->remove(tile_url(tile, date_));
        bench_.http->remove(tile_url(tile, date_) + ".aux.xml");
      }
      bench_.http->put(url, "tile of " + date);
      bench_.http->put(url + ".aux.xml", sidecar);
      tiles.push_back({tile, url, url + ".aux.xml", tile[0] == 'F' ? "2m" : "8m",
                       sha256_hex("tile of " + date), sha256_hex(sidecar),
                       box_wkt(-73.9, 40.1, -73.5, 40.5)});
    }
    date_ = date;
    put_scheme("BlueTopo_Tile_Scheme_" + date + "_101010.gpkg", tiles);
  }

  void put_scheme(const std::string& name, const std::vector<SchemeTile>& tiles) {
    const std::string path = bench_.directory.path() + "/made.gpkg";
    write_scheme(path, tiles);
    bench_.http->put(kBucket + kSchemes + name, read_whole_file(path));
    bench_.http->put(kListing,
                     listing({kSchemes, kSchemes + "BlueTopo_Tile_Scheme_20240101_000000.gpkg",
                              kSchemes + name, kSchemes + "zzz.gpkg",
                              kSchemes + "old/BlueTopo_Tile_Scheme_20990101_000000.gpkg"}));
  }

  std::string folder() const { return bench_.context->folder; }

  ArchiveBench<BluetopoArchive> bench_{"noaa_bluetopo"};
  std::string date_;
};

TEST_F(Bluetopo, TouchesNothingUntilAsked) {
  const auto archive = bench_.archive();
  EXPECT_EQ(0U, bench_.requests());
  EXPECT_TRUE(std::filesystem::is_empty(folder()));
  EXPECT_EQ(16.0, archive->coarsest_pixel());
}

TEST_F(Bluetopo, TheNewestSchemeNamesTheTilesFinestOnTop) {
  EXPECT_THAT(bench_.names(kBox), ElementsAre("COARSE", "FINE"));
  EXPECT_THAT(
      bench_.http->calls(),
      ElementsAre(kListing, kBucket + kSchemes + "BlueTopo_Tile_Scheme_20250101_101010.gpkg"));
  EXPECT_TRUE(std::filesystem::exists(folder() + "/BlueTopo_Tile_Scheme.gpkg"));
  EXPECT_THAT(bench_.names({10, 10, 11, 11}), ElementsAre());
  EXPECT_EQ(2U, bench_.requests());
}

TEST_F(Bluetopo, AnUnchangedSchemeIsNotFetchedAgain) {
  bench_.find(kBox);
  bench_.clock.advance(2 * 86400);
  EXPECT_THAT(bench_.names(kBox), ElementsAre("COARSE", "FINE"));
  EXPECT_EQ(3U, bench_.requests());  // the listing only
}

TEST_F(Bluetopo, ASchemeDamagedOnDiskIsFetchedAgain) {
  bench_.find(kBox);
  std::ofstream(folder() + "/BlueTopo_Tile_Scheme.gpkg", std::ios::trunc) << "torn";
  bench_.clock.advance(2 * 86400);
  EXPECT_THAT(bench_.names(kBox), ElementsAre("COARSE", "FINE"));
  EXPECT_EQ(4U, bench_.requests());
  EXPECT_GT(std::filesystem::file_size(folder() + "/BlueTopo_Tile_Scheme.gpkg"), 1000U);
}

TEST_F(Bluetopo, ADamagedReleaseLeavesTheOldSchemeInPlace) {
  bench_.find(kBox);
  publish("20250601");
  bench_.http->put(kBucket + kSchemes + "BlueTopo_Tile_Scheme_20250601_101010.gpkg", "<html>");
  bench_.clock.advance(2 * 86400);
  EXPECT_THAT(bench_.asset(kBox, "FINE").url, EndsWith("_20250101.tiff"));
  ASSERT_EQ(1U, bench_.warnings.size());
  EXPECT_THAT(bench_.warnings[0], HasSubstr("what was known before is used"));
  EXPECT_GT(std::filesystem::file_size(folder() + "/BlueTopo_Tile_Scheme.gpkg"), 1000U);
  EXPECT_FALSE(std::filesystem::exists(folder() + "/.tmp-BlueTopo_Tile_Scheme.gpkg"));
}

TEST_F(Bluetopo, AListingWithoutASchemeIsAnError) {
  bench_.http->put(kListing, listing({kSchemes + "readme.txt"}));
  EXPECT_EQ(
      "'https://noaa-ocs-nationalbathymetry-pds.s3.amazonaws.com/BlueTopo/"
      "_BlueTopo_Tile_Scheme/': the archive lists no tile scheme "
      "BlueTopo_Tile_Scheme_<date>_<time>.gpkg; try again later, or name a mirror in "
      "TOPOBATHY_ENDPOINTS",
      refusal(ErrorCode::kUnreadable, [&] { bench_.find(kBox); }));
}

TEST_F(Bluetopo, EachFailureIsAnErrorAndNothingIsPoisoned) {
  int n = 1;
  for (;; ++n) {
    bench_.forget();
    std::filesystem::remove_all(folder());
    std::filesystem::create_directories(folder());
    bench_.http->fail_call(n);
    try {
      bench_.open(bench_.asset(kBox, "FINE"));
      break;
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kUnreadable, error.code()) << error.what();
    }
    EXPECT_THAT(bench_.names(kBox), ElementsAre("COARSE", "FINE")) << n;
    const AssetFile file = bench_.open(bench_.asset(kBox, "FINE"));
    EXPECT_EQ("/vsicurl/" + tile_url("FINE", date_), file.path);
    EXPECT_EQ(kSidecar, read_whole_file(file.sidecar));
  }
  EXPECT_EQ(4, n);  // listing, scheme, side-car
  bench_.http->fail_call(1000);
}

TEST_F(Bluetopo, ServerErrorsAreNoCoverageNowhere) {
  bench_.http->put(kListing, status(403, "<Error><Code>AccessDenied</Code></Error>"));
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, [&] { bench_.find(kBox); }), HasSubstr("HTTP 403"));
  bench_.http->put(kListing, status(404));
  EXPECT_THAT(refusal(ErrorCode::kNotFound, [&] { bench_.find(kBox); }), HasSubstr("HTTP 404"));
  publish("20250101");
  EXPECT_EQ(2U, bench_.find(kBox).size());
}

TEST_F(Bluetopo, TheSidecarIsFetchedOnceAndTheTileAskedFor) {
  const Asset asset = bench_.asset(kBox, "FINE");
  const std::size_t before = bench_.requests();
  const AssetFile file = bench_.open(asset);
  EXPECT_EQ("/vsicurl/" + asset.url, file.path);
  EXPECT_EQ(folder() + "/sidecars/BlueTopo_FINE_20250101.tiff.aux.xml", file.sidecar);
  EXPECT_EQ(before + 1, bench_.requests());
  EXPECT_EQ(file.sidecar, bench_.open(asset).sidecar);
  ASSERT_EQ(before + 2, bench_.requests());
  EXPECT_EQ(asset.url, bench_.http->calls().back());
  bench_.open(asset);
  EXPECT_EQ(before + 2, bench_.requests()) << "it was there a moment ago";
  bench_.clock.advance(60);
  bench_.open(asset);
  EXPECT_EQ(before + 3, bench_.requests());
}

TEST_F(Bluetopo, ARepublishedTileIsFoundAtTheNextLook) {
  const Asset old = bench_.asset(kBox, "FINE");
  publish("20250601");
  EXPECT_EQ("'" + old.url +
                "': tile FINE is gone, probably published anew under another date: read again, "
                "the archive's tile scheme will be looked up afresh",
            refusal(ErrorCode::kNotFound, [&] { bench_.open(old); }));
  const Asset fresh = bench_.asset(kBox, "FINE");
  EXPECT_THAT(fresh.url, EndsWith("_20250601.tiff"));
  EXPECT_NE(old.revision, fresh.revision);
  EXPECT_THAT(bench_.open(fresh).sidecar, EndsWith("_20250601.tiff.aux.xml"));
}

TEST_F(Bluetopo, ARepublishedTileIsFoundWithItsSidecarAtHandToo) {
  const Asset old = bench_.asset(kBox, "FINE");
  bench_.open(old);
  publish("20250601");
  EXPECT_THAT(refusal(ErrorCode::kNotFound, [&] { bench_.open(old); }), HasSubstr("is gone"));
  EXPECT_THAT(bench_.asset(kBox, "FINE").url, EndsWith("_20250601.tiff"));
}

TEST_F(Bluetopo, ARefusedSidecarIsNeverRemembered) {
  const Asset asset = bench_.asset(kBox, "FINE");
  bench_.http->put(asset.sidecar_url, status(403));
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, [&] { bench_.open(asset); }), HasSubstr("HTTP 403"));
  bench_.http->put(asset.sidecar_url, kSidecar);
  EXPECT_EQ(kSidecar, read_whole_file(bench_.open(asset).sidecar));
}

TEST_F(Bluetopo, ASidecarOfAnotherChecksumIsRefused) {
  const Asset asset = bench_.asset(kBox, "FINE");
  bench_.http->put(asset.sidecar_url, kSidecar + " ");
  EXPECT_EQ("'" + asset.sidecar_url +
                "': the side-car's SHA-256 is not the one that the tile scheme states; try again "
                "later, when the archive is whole",
            refusal(ErrorCode::kUnreadable, [&] { bench_.open(asset); }));
  EXPECT_FALSE(std::filesystem::exists(folder() + "/sidecars/BlueTopo_FINE_20250101.tiff.aux.xml"));
}

TEST_F(Bluetopo, ASidecarDamagedOnDiskIsFetchedAgain) {
  const Asset asset = bench_.asset(kBox, "FINE");
  const std::string path = bench_.open(asset).sidecar;
  std::ofstream(path, std::ios::trunc) << "torn";
  EXPECT_EQ(kSidecar, read_whole_file(bench_.open(asset).sidecar));
}

TEST_F(Bluetopo, ASidecarThatIsNoAttributeTableIsRefused) {
  publish("20250601", "<html>Sorry</html>");
  const Asset asset = bench_.asset(kBox, "FINE");
  EXPECT_EQ("'" + asset.sidecar_url +
                "': the side-car holds no attribute table with a column 'value'; try again later, "
                "when the archive is whole",
            refusal(ErrorCode::kUnreadable, [&] { bench_.open(asset); }));
}

TEST_F(Bluetopo, AReadOnlyCacheIsUsedAndNotChanged) {
  const Asset asset = bench_.asset(kBox, "FINE");
  const std::string kept = bench_.open(asset).sidecar;
  bench_.context->may_write = false;
  EXPECT_EQ(kept, bench_.open(asset).sidecar);
  std::filesystem::remove(kept);
  const std::string fetched = bench_.open(asset).sidecar;
  EXPECT_TRUE(std::filesystem::exists(fetched));
  EXPECT_NE(kept, fetched);
  EXPECT_FALSE(std::filesystem::exists(kept));
}

TEST_F(Bluetopo, ATileOnAnotherHostIsNotFollowed) {
  put_scheme("BlueTopo_Tile_Scheme_20260101_000000.gpkg",
             {{"EVIL", "http://169.254.169.254/a.tiff", "", "2m", "", "",
               box_wkt(-73.9, 40.1, -73.5, 40.5)}});
  const Asset asset = bench_.asset(kBox, "EVIL");
  EXPECT_EQ(
      "'http://169.254.169.254/a.tiff': the tile scheme sends tile EVIL to a host that is "
      "none of the archive's; it is not followed",
      refusal(ErrorCode::kUnreadable, [&] { bench_.open(asset); }));
}

TEST_F(Bluetopo, FiltersOnTilesSayWhy) {
  bench_.step.filter.max_resolution = 4;
  bench_.step.filter.exclude_patterns = {"*"};  // about surveys within tiles
  EXPECT_THAT(bench_.names(kBox),
              ElementsAre("COARSE: pixels of 8 m are coarser than max_resolution 4", "FINE"));
}

TEST_F(Bluetopo, TheModelingProductHasASchemeOfItsOwn) {
  bench_.step.product = "modeling";
  const std::string schemes = "Test-and-Evaluation/Modeling/_Modeling_Tile_Scheme/";
  const std::string name = "Modeling_Tile_Scheme_20250101_000000.gpkg";
  const std::string made = bench_.directory.path() + "/made.gpkg";
  write_scheme(made, {{"M", kBucket + "Test-and-Evaluation/Modeling/M/M_20250101.tiff", "", "8m",
                       "", "", box_wkt(-73.9, 40.1, -73.5, 40.5)}});
  bench_.http->put(kBucket +
                       "?list-type=2&prefix=Test-and-Evaluation%2FModeling%2F"
                       "_Modeling_Tile_Scheme%2F",
                   listing({schemes + name}));
  bench_.http->put(kBucket + schemes + name, read_whole_file(made));
  EXPECT_THAT(bench_.names(kBox), ElementsAre("M"));
  EXPECT_TRUE(std::filesystem::exists(folder() + "/Modeling_Tile_Scheme.gpkg"));
  bench_.step.product = "bluetopo";
  EXPECT_THAT(bench_.names(kBox), ElementsAre("COARSE", "FINE"));
}

TEST(BluetopoSidecar, TheRealOneHasATable) {
  const std::string path =
      test::shared_data() + "/bluetopo/BlueTopo_BH54S4ZB_20251117.tiff.aux.xml";
  TOPOBATHY_NEED_FILE(path);
  const std::string real = read_whole_file(path);
  EXPECT_TRUE(has_contributor_table(real));
  for (std::size_t size = 0; size + 20 < real.size(); size += 97)
    EXPECT_FALSE(has_contributor_table(real.substr(0, size))) << size;
}

TEST(BluetopoSidecar, HostileTextHasNone) {
  std::string deep;
  for (int level = 0; level < 200000; ++level)
    deep += "<PAMRasterBand>";
  std::string billion = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
  for (const std::string& text :
       {std::string(), std::string("<PAMDataset/>"), deep, "<PAMDataset>" + deep,
        billion + "<PAMDataset>&b;</PAMDataset>", std::string("{}"),
        kSidecar + std::string(1, '\0'),
        std::string("<PAMDataset><PAMRasterBand><GDALRasterAttributeTable/></PAMRasterBand>"
                    "</PAMDataset>")})
    EXPECT_FALSE(has_contributor_table(text)) << text.substr(0, 100);
  EXPECT_TRUE(has_contributor_table(kSidecar));
}

}  // namespace
}  // namespace topobathy
