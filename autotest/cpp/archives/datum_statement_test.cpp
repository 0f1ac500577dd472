#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "providers/datum/height_names.h"
#include "providers/datum/height_statement.h"
#include "refusal.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;

std::string vert_wkt(const std::string& name, const std::string& datum) {
  return "VERT_CS[\"" + name + "\",VERT_DATUM[\"" + datum +
         "\",2005],UNIT[\"metre\",1],AXIS[\"Depth\",DOWN]]";
}

std::string utm_with(const std::string& vertical) {
  return "COMPD_CS[\"UTM + heights\",PROJCS[\"NAD83 / UTM zone 19N\",GEOGCS[\"NAD83\","
         "DATUM[\"North_American_Datum_1983\",SPHEROID[\"GRS 1980\",6378137,298.257222101]],"
         "PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],"
         "PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],"
         "PARAMETER[\"central_meridian\",-69],PARAMETER[\"scale_factor\",0.9996],"
         "PARAMETER[\"false_easting\",500000],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1]]," +
         vertical + "]";
}

TEST(HeightNames, EachDatumHasOneText) {
  const std::pair<const char*, const char*> same[] = {
      {"NAVD88", "EPSG:5703"},
      {"navd88", "EPSG:5703"},
      {"NAVD88 height (ftUS)", "EPSG:5703"},
      {"NAVD88 (GEOID18)", "EPSG:5703"},
      {"North American Vertical Datum of 1988", "EPSG:5703"},
      {"EPSG:5703", "EPSG:5703"},
      {"EPSG:6360", "EPSG:5703"},
      {"EPSG:6357", "EPSG:5703"},
      {"EPSG:26919+5703", "EPSG:5703"},
      {"MLLW", "EPSG:5866"},
      {"MLLW depth", "EPSG:5866"},
      {"Mean Lower Low Water", "EPSG:5866"},
      {"MSL", "EPSG:5714"},
      {"LMSL", "EPSG:5714"},
      {"MSL(GEOID12B) height", "EPSG:5714"},
      {"EPSG:5715", "EPSG:5714"},
      {"LAT", "EPSG:5861"},
      {"EGM2008", "EPSG:3855"},
      {"EGM96", "EPSG:5773"},
      {"PRVD02", "EPSG:6641"},
      {"MTL", "MTL"},
      {"LWD", "LWD"},
      {"Ellipsoid", "ellipsoid"},
      {"EPSG:4979", "EPSG:4979"},
      {"EPSG:6319", "EPSG:6319"},
      {"EPSG:5864", "EPSG:5864"},  // MLLW of springs is another datum
      {"EPSG:5709", "EPSG:5709"},
      {"Alicante height", "EPSG:5782"},
      {"EPSG:26919", ""},  // says nothing of heights
      {"EPSG:4326", ""},
      {"example_datum", ""},
      {"EPSG:99999", ""},
      {"", ""},
  };
  for (const auto& [stated, canonical] : same)
    EXPECT_EQ(known_heights(stated), canonical) << stated;
}

TEST(HeightNames, AnUnknownOneNamesTheNearest) {
  EXPECT_EQ(
      testing_support::refusal(ErrorCode::kUsage, [] { canonical_heights("NAVD-89"); }),
      "'NAVD-89' is no vertical datum that is known here, did you mean 'NAVD88'?; give a name "
      "such as NAVD88 or MLLW, an EPSG code such as EPSG:5703, or the WKT of a vertical CRS");
  EXPECT_EQ(testing_support::refusal(ErrorCode::kUsage, [] { canonical_heights("quasigeoid X"); }),
            "'quasigeoid X' is no vertical datum that is known here; give a name such as NAVD88 or "
            "MLLW, an EPSG code such as EPSG:5703, or the WKT of a vertical CRS");
}

TEST(HeightNames, AnEllipsoidTakesTheFrameOfItsPlaces) {
  EXPECT_EQ(in_frame_of("ellipsoid", "EPSG:26919"), "EPSG:6319");
  EXPECT_EQ(in_frame_of("ellipsoid", "EPSG:6348"), "EPSG:6319");
  EXPECT_EQ(in_frame_of("ellipsoid", "EPSG:32619"), "EPSG:4979");
  EXPECT_EQ(in_frame_of("ellipsoid", "EPSG:3857"), "EPSG:4979");
  EXPECT_EQ(in_frame_of("ellipsoid", "EPSG:9000"), "EPSG:7912");
  EXPECT_EQ(in_frame_of("EPSG:5703", "EPSG:26919"), "EPSG:5703");
}

TEST(HeightStatement, OfACrsTheVerticalMemberCounts) {
  EXPECT_EQ(heights_of_crs(utm_with(vert_wkt("MLLW depth", "Mean Lower Low Water"))), "EPSG:5866");
  EXPECT_EQ(heights_of_crs(utm_with(vert_wkt("MLLW", "MLLW"))), "EPSG:5866");
  EXPECT_EQ(heights_of_crs(utm_with(vert_wkt("navd88", "navd88"))), "EPSG:5703");
  EXPECT_EQ(heights_of_crs("EPSG:5498"), "EPSG:5703");
  EXPECT_EQ(heights_of_crs("EPSG:26919"), "");
  EXPECT_EQ(heights_of_crs("EPSG:4326"), "");
  EXPECT_EQ(heights_of_crs(""), "");
  EXPECT_EQ(heights_of_crs("LOCAL_CS[\"nowhere\"]"), "");
}

TEST(HeightStatement, AThreeDimensionalCrsIsEllipsoidal) {
  EXPECT_EQ(heights_of_crs("EPSG:4979"), "EPSG:4979");
  EXPECT_EQ(heights_of_crs("EPSG:4937"), "EPSG:4937");
  EXPECT_EQ(heights_of_crs(R"(PROJCRS["WGS 84 / UTM zone 19N",BASEGEOGCRS["WGS 84",)"
                           R"(DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,)"
                           R"(298.257223563,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0]],)"
                           R"(CONVERSION["UTM zone 19N",METHOD["Transverse Mercator"],)"
                           R"(PARAMETER["Latitude of natural origin",0],)"
                           R"(PARAMETER["Longitude of natural origin",-69],)"
                           R"(PARAMETER["Scale factor at natural origin",0.9996],)"
                           R"(PARAMETER["False easting",500000],PARAMETER["False northing",0]],)"
                           R"(CS[Cartesian,3],AXIS["E",east],AXIS["N",north],)"
                           R"(AXIS["h",up],LENGTHUNIT["metre",1]])"),
            "EPSG:4979");
}

TEST(HeightStatement, WhatNobodyKnowsIsKeptByItsName) {
  EXPECT_EQ(heights_of_crs(utm_with(vert_wkt("example", "example_datum"))), "example_datum");
  EXPECT_FALSE(are_known_heights("example_datum"));
  EXPECT_EQ(heights_of_crs(utm_with(vert_wkt("unknown", "unknown"))), "");
  EXPECT_EQ(heights_of_crs(utm_with(vert_wkt("//", "//"))), "");
}

TEST(HeightStatement, OfMetadataWordsThatSaySomething) {
  EXPECT_EQ(heights_of_text("MLLW"), "EPSG:5866");
  EXPECT_EQ(heights_of_text(" Mean Sea Level "), "EPSG:5714");
  EXPECT_EQ(heights_of_text("Ellipsoid"), "ellipsoid");
  EXPECT_EQ(heights_of_text("EPSG:5866"), "EPSG:5866");
  EXPECT_EQ(heights_of_text("//"), "");
  EXPECT_EQ(heights_of_text("unknown"), "");
  EXPECT_EQ(heights_of_text("N/A"), "");
  EXPECT_EQ(heights_of_text(""), "");
  EXPECT_EQ(heights_of_text("example_datum"), "example_datum");
  EXPECT_EQ(heights_of_text("Alicante height"), "EPSG:5782");
}

TEST(HeightStatement, OfSurveyFileNamesTheFieldOfTheDatum) {
  const std::pair<const char*, const char*> names[] = {
      {"H12219_MB_1m_MLLW_1of2.bag", "EPSG:5866"},
      {"a/b/H13412_MB_VR_Ellipsoid.bag", "ellipsoid"},
      {"D00165_MB_VR_MSL_1of1.bag", "EPSG:5714"},
      {"H13607_MB_50cm_LWD_1of1.bag", "LWD"},
      {"H12023_MBVB_4m_mllw_combined.bag.gz", "EPSG:5866"},
      {"W00431_MB_128m_MHW_Combined.bag", "EPSG:5868"},
      {"H11296_LI_5m_1of1.bag", ""},
      {"MLLWs_of_old/H11296_LI_5m.bag", ""},
      {"H11296_LI_5m_EGM96.bag", ""},
      {"", ""},
  };
  for (const auto& [name, heights] : names)
    EXPECT_EQ(heights_of_name(name), heights) << name;
}

TEST(HeightStatement, TheNearerToTheDataSpeaksFirst) {
  const HeightStatement archive{"EPSG:5866", StatedBy::kArchive};
  const HeightStatement provider{"MLLW", StatedBy::kProvider};
  const auto taken = [](const LayerHeights& heights) { return heights.crs + " " + heights.basis; };
  EXPECT_EQ(taken(layer_heights("NAVD88", "EPSG:5714", archive)), "EPSG:5703 policy");
  EXPECT_EQ(taken(layer_heights(std::nullopt, "EPSG:5714", archive)), "EPSG:5714 file");
  EXPECT_EQ(taken(layer_heights(std::nullopt, "", archive)), "EPSG:5866 archive");
  EXPECT_EQ(taken(layer_heights(std::nullopt, "", provider)), "EPSG:5866 assumed");
  EXPECT_EQ(taken(layer_heights(std::nullopt, "", {})), " ");
  EXPECT_THAT(testing_support::refusal(ErrorCode::kUsage,
                                       [&] { layer_heights("MLLX", "EPSG:5714", archive); }),
              HasSubstr("did you mean 'MLLW'?"));
}

TEST(HeightStatement, SaysWhichFileCannotBeShiftedAndWhatToDo) {
  EXPECT_STREQ(unknown_heights("a.bag", "example_datum").what(),
               "'a.bag' states heights above 'example_datum', which is no vertical datum that is "
               "known here, so they cannot be shifted to the policy's vertical_crs; state the true "
               "vertical_crs in the step, or take them as they are with vertical: assume");
  EXPECT_STREQ(
      unknown_heights("a.tif", "").what(),
      "'a.tif' states nothing that its heights count from, so they cannot be shifted to "
      "the policy's vertical_crs; state the true vertical_crs in the step, or take them as "
      "they are with vertical: assume");
}

}  // namespace
}  // namespace topobathy
