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
using testing::Not;

const std::string kBase = "https://prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/";
const std::string kVrt = kBase + "13/TIFF/USGS_Seamless_DEM_13.vrt";
const LonLatBox kNewYork{-74.05, 40.70, -73.95, 40.80};

std::string tile_url(const std::string& name) {
  return kBase + "13/TIFF/current/" + name + "/USGS_13_" + name + ".tif";
}

/// 10 m: four tiles around 74 W 41 N, as the archive has them, with 6 pixels shared; one in Hawaii.
struct Seamless : DemBench {
  Seamless() : DemBench("usgs_3dep") {
    std::vector<VrtSource> sources;
    const auto add = [&](const std::string& name, double west, double north) {
      sources.push_back({"/vsicurl/" + tile_url(name), (west + 75.0) * 3600.0 - 6.0,
                         (42.0 - north) * 3600.0 - 6.0, 3612.0, 3612.0});
      http->put(tile_url(name), "pixels of " + name, "\"" + name + "-1\"");
    };
    add("n42w075", -75, 42);
    add("n42w074", -74, 42);
    add("n41w075", -75, 41);
    add("n41w074", -74, 41);
    add("n20w156", -156, 20);
    http->put(kVrt, vrt_answer(sources));
  }
};

TEST(Usgs3dep, TenMetresIsTheDefault) {
  Seamless bench;
  const auto found = bench.find(kNewYork);
  ASSERT_EQ(2U, found.size());
  const Asset& asset = found[0].asset;
  EXPECT_EQ("USGS_13_n41w074", asset.id);
  EXPECT_EQ("USGS_13_n41w075", found[1].asset.id);
  EXPECT_EQ(tile_url("n41w074"), asset.url);
  EXPECT_EQ("\"n41w074-1\"", asset.revision);
  EXPECT_EQ(17, asset.size);
  EXPECT_EQ(10.0, asset.resolution);
  EXPECT_EQ(Asset::Access::kStream, asset.access);
  EXPECT_EQ("EPSG:5703", asset.heights.crs);
  EXPECT_EQ(StatedBy::kArchive, asset.heights.by);
  EXPECT_EQ("usgs_3dep", asset.record.provider);
  EXPECT_EQ("file:USGS_13_n41w074", asset.record.key);
  EXPECT_EQ("NAVD88", asset.record.vertical_datum);
  EXPECT_EQ("archive", asset.record.vertical_basis);
  EXPECT_EQ("U.S. Geological Survey", asset.record.institution);
  EXPECT_EQ("U.S. Public Domain", asset.record.license_name);
  EXPECT_EQ("", asset.record.date_start) << "not stated";
  EXPECT_EQ(found[0].asset.rank, found[1].asset.rank) << "id decides";
}

TEST(Usgs3dep, TilesMeetInSixPixels) {
  Seamless bench;
  EXPECT_THAT(
      bench.ids({-74.0001, 40.9999, -73.9999, 41.0001}),
      ElementsAre("USGS_13_n41w074", "USGS_13_n41w075", "USGS_13_n42w074", "USGS_13_n42w075"));
  EXPECT_THAT(bench.ids({-73.9, 40.1, -73.8, 40.2}), ElementsAre("USGS_13_n41w074"));
  EXPECT_THAT(bench.ids({-60, 40.1, -59, 40.2}), ElementsAre()) << "no coverage is no error";
}

TEST(Usgs3dep, HeightsOfIslandsAreNotStated) {
  Seamless bench;
  const Asset hawaii = bench.find({-155.6, 19.4, -155.5, 19.6}).at(0).asset;
  EXPECT_EQ("", hawaii.heights.crs);
  EXPECT_EQ("", hawaii.record.vertical_datum);
  EXPECT_EQ("", hawaii.record.vertical_basis);
}

TEST(Usgs3dep, AsksForTheListAndEachTileOnce) {
  Seamless bench;
  bench.find(kNewYork);
  EXPECT_EQ(3U, bench.http->calls().size()) << "VRT and a HEAD for each of two tiles";
  bench.find(kNewYork);
  bench.find({-74.04, 40.71, -74.03, 40.72});
  EXPECT_EQ(3U, bench.http->calls().size());
}

TEST(Usgs3dep, ConstructionAsksNothing) {
  Seamless bench;
  bench.archive();
  EXPECT_TRUE(bench.http->calls().empty());
}

TEST(Usgs3dep, NoFailurePoisons) {
  Seamless().expect_no_failure_poisons(kNewYork);
}

TEST(Usgs3dep, ATileThatIsGoneHasTheListAskedForAgain) {
  Seamless bench;
  bench.http->remove(tile_url("n41w074"));
  EXPECT_EQ("'" + tile_url("n41w074") +
                "': listed by the archive's index, but not there (any more); the index is asked "
                "for again at the next read",
            message_of([&] { bench.find(kNewYork); }));
  EXPECT_EQ(1, bench.calls_of(".vrt"));
  bench.http->put(kVrt, vrt_answer({{"/vsicurl/" + tile_url("n41w075"), -6, 3594, 3612, 3612}}));
  EXPECT_THAT(bench.ids(kNewYork), ElementsAre("USGS_13_n41w075"));
  EXPECT_EQ(2, bench.calls_of(".vrt"));
}

TEST(Usgs3dep, RefusalsAreNotNoCoverage) {
  for (const int status : {401, 403, 409}) {
    Seamless bench;
    const auto refuse = [=](const HttpRequest&) {
      HttpAnswer answer;
      answer.status = status;
      return answer;
    };
    bench.http->put(tile_url("n41w074"), refuse);
    EXPECT_THAT(message_of([&] { bench.find(kNewYork); }),
                HasSubstr("the server answered HTTP " + std::to_string(status)));
    bench.http->put(kVrt, refuse);
    bench.context->discovery = std::make_shared<DiscoveryCache>(DiscoveryCache::Setup{});
    EXPECT_THAT(message_of([&] { bench.find(kNewYork); }), HasSubstr(std::to_string(status)));
  }
  Seamless bench;
  bench.http->remove(kVrt);
  EXPECT_THAT(message_of([&] { bench.find(kNewYork); }), HasSubstr("404"));
}

TEST(Usgs3dep, ATileWithoutEditionIsRefused) {
  Seamless bench;
  bench.http->put(tile_url("n41w074"), [](const HttpRequest&) {
    HttpAnswer answer;
    answer.status = 200;
    return answer;
  });
  EXPECT_EQ("'" + tile_url("n41w074") +
                "': the server states neither ETag nor Last-Modified, so that a new edition could "
                "not be told from this one; use a mirror that does",
            message_of([&] { bench.find(kNewYork); }));
  bench.http->put(tile_url("n41w074"), [](const HttpRequest&) {
    HttpAnswer answer;
    answer.status = 200;
    answer.size = 7;
    answer.last_modified = "Tue, 02 Jan 2024 00:00:00 GMT";
    return answer;
  });
  EXPECT_EQ("Tue, 02 Jan 2024 00:00:00 GMT, 7 bytes", bench.find(kNewYork).at(0).asset.revision);
}

TEST(Usgs3dep, AnEditionInTheNameKeepsTheKey) {
  DemBench bench("usgs_3dep");
  const std::string url = kBase + "13/TIFF/historical/n41w074/USGS_13_n41w074_20240101.tif";
  bench.http->put(kVrt, vrt_answer({{"/vsicurl/" + url, 3594, 3594, 3612, 3612}}));
  bench.http->put(url, "x");
  const Asset asset = bench.find(kNewYork).at(0).asset;
  EXPECT_EQ("USGS_13_n41w074", asset.id);
  EXPECT_EQ("file:USGS_13_n41w074", asset.record.key);
  EXPECT_EQ(url, asset.url);
}

TEST(Usgs3dep, OtherSeamlessProductsHaveListsOfTheirOwn) {
  for (const auto& [product, folder, metres] :
       {std::tuple{"30m", "1", 30.0}, std::tuple{"60m", "2", 60.0}}) {
    DemBench bench("usgs_3dep", product);
    const std::string base = kBase + folder + "/TIFF/";
    const std::string url = base + "current/n62w147/USGS_" + folder + "_n62w147.tif";
    bench.http->put(base + "USGS_Seamless_DEM_" + folder + ".vrt",
                    vrt_answer({{"/vsicurl/" + url, -72 * 3600, -20 * 3600, 3600, 3600}}));
    bench.http->put(url, "x");
    const Asset asset = bench.find({-146.6, 61.2, -146.5, 61.3}).at(0).asset;
    EXPECT_EQ(metres, asset.resolution);
    EXPECT_EQ("EPSG:5703", asset.heights.crs);
    EXPECT_EQ(StatedBy::kProvider, asset.heights.by) << "Alaska: assumed";
    EXPECT_EQ("assumed", asset.record.vertical_basis);
  }
}

TEST(Usgs3dep, OpensTheTileWhereItLies) {
  Seamless bench;
  bench.context->endpoints = Endpoints::read("prd-tnm.s3.amazonaws.com=http://127.0.0.1:9/{host}");
  const auto archive = bench.archive();
  const Asset asset = archive->find(kNewYork).at(0).asset;
  EXPECT_EQ(
      "/vsicurl/http://127.0.0.1:9/prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/13/TIFF/"
      "current/n41w074/USGS_13_n41w074.tif",
      archive->open(asset, 10.0).path);
}

// The Planetary Computer.

const std::string kBlob = "https://ai4edataeuwest.blob.core.windows.net/3dep/Elevation/";
const std::string kToken =
    "https://planetarycomputer.microsoft.com/api/sas/v1/token/ai4edataeuwest/3dep";

struct Stac3dep : DemBench {
  explicit Stac3dep(const std::string& product) : DemBench("usgs_3dep", product) {
    nlohmann::json features = nlohmann::json::array();
    const auto add = [&](const std::string& id, const std::string& path, double gsd) {
      nlohmann::json item =
          stac_item(id, {-74.000556, 39.999444, -72.999444, 41.000556}, kBlob + path, gsd);
      item["properties"]["proj:epsg"] = 5498;
      item["properties"]["end_datetime"] = "2019-05-06T00:00:00Z";
      features.push_back(item);
      http->put(kBlob + path + "?st=2030&sp=rl&sig=A", path);
    };
    add("n41w074-13", "13/TIFF/n41w074/USGS_13_n41w074.tif", 10);
    add("n41w074-1", "1/TIFF/n41w074/USGS_1_n41w074.tif", 30);
    http->put(stac_search("3dep-seamless", "-74,40,-73,41"), stac_page(features));
    http->put(stac_search("3dep-seamless", "-75,40,-74,41"), stac_page(features));
    http->put(kToken, sas_answer("A"));
    context->clock = &clock;
  }
  TestClock clock;
};

TEST(Usgs3depStac, NeverMixesTenAndThirtyMetres) {
  const LonLatBox box{-73.9, 40.1, -73.8, 40.2};
  EXPECT_THAT(Stac3dep("stac_10m").ids(box), ElementsAre("n41w074-13"));
  EXPECT_THAT(Stac3dep("stac_30m").ids(box), ElementsAre("n41w074-1"));
}

TEST(Usgs3depStac, KeysAndLinksAreUnsigned) {
  Stac3dep bench("stac_10m");
  const auto found = bench.find(kNewYork);
  ASSERT_EQ(1U, found.size()) << "in two squares, once";
  const Asset& asset = found[0].asset;
  EXPECT_EQ(kBlob + "13/TIFF/n41w074/USGS_13_n41w074.tif", asset.url);
  EXPECT_EQ(asset.url, asset.record.link);
  EXPECT_EQ("file:USGS_13_n41w074", asset.record.key) << "as read from the agency itself";
  EXPECT_EQ("usgs_3dep", asset.record.provider);
  EXPECT_EQ("EPSG:5703", asset.heights.crs);
  EXPECT_EQ(2019, asset.year);
  EXPECT_EQ("2019-05-06", asset.record.date_end);
  EXPECT_EQ("\"1\"", asset.revision);
}

TEST(Usgs3depStac, WhatMinYearLeavesOutIsNotAskedFor) {
  for (const char* const product : {"stac_10m", "stac_30m"}) {
    Stac3dep bench(product);
    bench.step.filter.min_year = 2020;
    const auto found = bench.find(kNewYork);
    ASSERT_EQ(1U, found.size());
    EXPECT_EQ("of 2019, older than min_year 2020", found[0].excluded);
    EXPECT_NE("", found[0].asset.revision);
    EXPECT_EQ(0, bench.calls_of("blob.core")) << "it is nobody's";
    bench.step.filter.min_year = 2019;
    EXPECT_EQ("", bench.find(kNewYork).at(0).excluded);
  }
}

TEST(Usgs3depStac, NoFailurePoisons) {
  Stac3dep("stac_10m").expect_no_failure_poisons(kNewYork);
}

TEST(Usgs3depStac, OpensWithoutATokenInThePath) {
  Stac3dep bench("stac_10m");
  const auto archive = bench.archive();
  const Asset asset = archive->find(kNewYork).at(0).asset;
  EXPECT_EQ("/vsicurl/" + asset.url, archive->open(asset, 10.0).path);
  EXPECT_EQ(1, bench.calls_of("/sas/")) << "one token for the edition and for GDAL";
}

TEST(Usgs3depStac, ATokenThatIsRefusedTwiceIsAnError) {
  Stac3dep bench("stac_10m");
  bench.http->put(kToken, sas_answer("B"));
  bench.http->put(kBlob + "13/TIFF/n41w074/USGS_13_n41w074.tif?st=2030&sp=rl&sig=B",
                  [](const HttpRequest&) {
                    HttpAnswer answer;
                    answer.status = 403;
                    return answer;
                  });
  const std::string message = message_of([&] { bench.find(kNewYork); });
  EXPECT_THAT(message, HasSubstr("HTTP 403"));
  EXPECT_THAT(message, Not(HasSubstr("sig=")));
  EXPECT_EQ(2, bench.calls_of("/sas/"));
  bench.http->put(kToken, sas_answer("A"));
  EXPECT_THAT(bench.ids(kNewYork), ElementsAre("n41w074-13"));
}

TEST(Usgs3depStac, ABlobThatIsGoneHasTheSquaresAskedForAgain) {
  Stac3dep bench("stac_10m");
  const std::string blob = kBlob + "13/TIFF/n41w074/USGS_13_n41w074.tif?st=2030&sp=rl&sig=A";
  bench.http->remove(blob);
  EXPECT_THAT(message_of([&] { bench.find(kNewYork); }), HasSubstr("not there (any more)"));
  bench.http->put(blob, "back");
  bench.find(kNewYork);
  EXPECT_EQ(4, bench.calls_of("/search")) << "two squares, twice";
}

TEST(Usgs3depStac, RefusesItemsThatCannotBeTold) {
  Stac3dep bench("stac_10m");
  const auto refusal = [&](const nlohmann::json& item) {
    bench.http->put(stac_search("3dep-seamless", "-75,40,-74,41"),
                    stac_page(nlohmann::json::array({item})));
    return message_of([&] { bench.find(kNewYork); });
  };
  const std::string where =
      "'https://planetarycomputer.microsoft.com/api/stac/v1/search': item 'a' ";
  EXPECT_EQ(where + "states no gsd, so that its product cannot be told",
            refusal(stac_item("a", {-74, 40, -73, 41}, kBlob + "a.tif", 0)));
  for (const char* const href : {"https://evil.example/a.tif", "file:///etc/passwd", ""})
    EXPECT_EQ(where + "links to no blob of the archive; the answer is not believed",
              refusal(stac_item("a", {-74, 40, -73, 41}, href, 10)));
  EXPECT_THAT(refusal(stac_item("a", {-74, 40, -73, 41}, kBlob + "../a.tif", 10)),
              HasSubstr("the index is not believed"));
}

TEST(Usgs3depStac, AnOutageIsNotAnotherModel) {
  Stac3dep bench("stac_10m");
  bench.http->remove(stac_search("3dep-seamless", "-75,40,-74,41"));
  EXPECT_THAT(message_of([&] { bench.find(kNewYork); }), HasSubstr("HTTP 404"));
  for (const std::string& url : bench.http->calls())
    EXPECT_THAT(url, HasSubstr("3dep-seamless"));
}

}  // namespace
}  // namespace topobathy
