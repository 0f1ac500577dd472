#include "providers/align/crs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ogr_srs_api.h>

#include "fusion/error.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Kind = CrsTraits::Kind;

/// The message of the Error that `action` throws; its code must be `code`.
template <class Action>
std::string refusal(ErrorCode code, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(CrsTraits, TellsGeographicMercatorAndProjected) {
  struct Case {
    const char* crs;
    Kind kind;
    double unit;
    double inverse_flattening;
  };
  constexpr double kWgs84 = 298.257223563;
  constexpr double kGrs80 = 298.257222101;
  const Case cases[] = {
      {"EPSG:4326", Kind::kGeographic, 1.0, kWgs84},
      {"EPSG:4979", Kind::kGeographic, 1.0, kWgs84},
      {"EPSG:6349", Kind::kGeographic, 1.0, kGrs80},  // compound: its horizontal part
      {"OGC:CRS84", Kind::kGeographic, 1.0, kWgs84},
      {"+proj=longlat +R=6371000", Kind::kGeographic, 1.0, 0.0},
      {"EPSG:3857", Kind::kMercator, 1.0, kWgs84},
      {"+proj=webmerc +datum=WGS84 +units=km", Kind::kMercator, 1000.0, kWgs84},
      {"+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m "
       "+nadgrids=@null +no_defs",
       Kind::kMercator, 1.0, kWgs84},
      {"EPSG:3395", Kind::kProjected, 1.0, kWgs84},  // ellipsoidal Mercator
      {"EPSG:26919", Kind::kProjected, 1.0, kGrs80},
      {"+proj=utm +zone=19 +datum=NAD83", Kind::kProjected, 1.0, kGrs80},
      {"EPSG:3413", Kind::kProjected, 1.0, kWgs84},
      {"EPSG:2272", Kind::kProjected, 1200.0 / 3937.0, kGrs80},  // US survey feet
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.crs);
    const CrsTraits traits = crs_traits(c.crs);
    EXPECT_EQ(traits.kind, c.kind);
    EXPECT_DOUBLE_EQ(traits.unit, c.unit);
    EXPECT_EQ(traits.inverse_flattening, c.inverse_flattening);
  }
  EXPECT_EQ(crs_traits("+proj=longlat +R=6371000").semi_major, 6371000.0);
}

TEST(CrsTraits, RefusesWhatCannotCarryALattice) {
  const auto message = [](const std::string& crs) {
    return refusal(ErrorCode::kUsage, [&] { crs_traits(crs); });
  };
  EXPECT_EQ(message("EPSG:99999"),
            "'EPSG:99999' is not a CRS that PROJ knows; give an EPSG code, WKT or a PROJ string");
  EXPECT_THAT(message("banana"), StartsWith("'banana' is not a CRS that PROJ knows"));
  EXPECT_THAT(message(""), StartsWith("'' is not a CRS that PROJ knows"));
  EXPECT_EQ(message("EPSG:4978"),
            "'EPSG:4978' is a geocentric CRS; give a geographic or projected one");
  EXPECT_EQ(message("EPSG:5703"),
            "'EPSG:5703' is a vertical CRS; give a geographic or projected CRS as crs and this one "
            "as vertical_crs");
  EXPECT_EQ(
      message("EPSG:4807"),
      "'EPSG:4807' counts angles in grad; give a geographic CRS in degrees, or a projected one");
  EXPECT_EQ(message("EPSG:2048"),
            "'EPSG:2048' has an axis that runs west; give a CRS whose x runs east");
  EXPECT_THAT(message("LOCAL_CS[\"ship\",UNIT[\"metre\",1]]"),
              HasSubstr("is neither a geographic nor a projected CRS"));
  EXPECT_THAT(message(std::string(500, 'x')), StartsWith("'" + std::string(60, 'x') + "...'"));
}

TEST(CrsWorld, EndsWhereACyclicCrsEnds) {
  EXPECT_EQ(crs_world("EPSG:4269").half_width, 180.0);
  EXPECT_EQ(crs_world("EPSG:4269").half_height, 90.0);
  EXPECT_NEAR(crs_world("EPSG:4807").half_width, 200.0, 1e-9);  // grads
  EXPECT_DOUBLE_EQ(crs_world("EPSG:3857").half_width, 20037508.342789244);
  EXPECT_TRUE(crs_world("EPSG:3857").is_mercator());
  EXPECT_FALSE(crs_world("EPSG:4326").is_mercator());
  EXPECT_EQ(crs_world("EPSG:26919").half_width, 0.0);
}

TEST(CrsWkt, IsCompoundWithAVerticalCrs) {
  EXPECT_THAT(crs_wkt("EPSG:26919", ""), StartsWith("PROJCRS[\"NAD83 / UTM zone 19N\""));
  const std::string compound = crs_wkt("EPSG:26919", "EPSG:5703");
  EXPECT_THAT(compound, StartsWith("COMPOUNDCRS[\"NAD83 / UTM zone 19N + NAVD88 height\""));
  EXPECT_THAT(compound, HasSubstr("ID[\"EPSG\",26919]"));
  EXPECT_THAT(compound, HasSubstr("ID[\"EPSG\",5703]"));
  // GDAL takes it as it is.
  OGRSpatialReferenceH srs = OSRNewSpatialReference(compound.c_str());
  ASSERT_NE(srs, nullptr);
  EXPECT_TRUE(OSRIsCompound(srs));
  OSRDestroySpatialReference(srs);
}

TEST(CrsWkt, OfACompoundCrsTheHorizontalPartCounts) {
  EXPECT_EQ(crs_wkt("EPSG:6349", ""), crs_wkt("EPSG:6318", ""));
  EXPECT_EQ(crs_wkt("EPSG:6349", "EPSG:5703"), crs_wkt("EPSG:6318", "EPSG:6349"));
  EXPECT_EQ(crs_wkt("EPSG:4979", ""), crs_wkt("EPSG:4979", ""));
  EXPECT_THAT(crs_wkt("EPSG:4979", ""), HasSubstr("CS[ellipsoidal,2]"));
}

TEST(CrsWkt, EllipsoidalHeightsMakeItThreeDimensional) {
  EXPECT_THAT(crs_wkt("EPSG:4326", "EPSG:4979"), HasSubstr("CS[ellipsoidal,3]"));
  EXPECT_THAT(crs_wkt("EPSG:3857", "EPSG:4979"), HasSubstr("CS[Cartesian,3]"));
  EXPECT_EQ(refusal(ErrorCode::kUsage, [] { crs_wkt("EPSG:26919", "EPSG:4979"); }),
            "vertical_crs 'EPSG:4979' has another datum than crs 'EPSG:26919'; give the 3D "
            "geographic CRS of the same "
            "datum");
}

TEST(CrsWkt, RefusesAVerticalCrsThatIsNone) {
  EXPECT_EQ(refusal(ErrorCode::kUsage, [] { crs_wkt("EPSG:26919", "EPSG:4326"); }),
            "'EPSG:4326' is not a vertical CRS; give one such as EPSG:5703 (NAVD88), or a "
            "geographic 3D CRS such as "
            "EPSG:4979 for heights above the ellipsoid");
  EXPECT_THAT(refusal(ErrorCode::kUsage, [] { crs_wkt("EPSG:26919", "MLLW-ish"); }),
              StartsWith("'MLLW-ish' is not a CRS that PROJ knows"));
}

TEST(CrsText, SameCrsInOtherWords) {
  EXPECT_TRUE(same_horizontal_crs("EPSG:26919", crs_wkt("EPSG:26919", "EPSG:5703")));
  EXPECT_TRUE(same_horizontal_crs("EPSG:4326", "OGC:CRS84"));
  EXPECT_FALSE(same_horizontal_crs("EPSG:4326", "EPSG:4269"));
  EXPECT_FALSE(same_horizontal_crs("EPSG:26919", "EPSG:26918"));
}

}  // namespace
}  // namespace topobathy
