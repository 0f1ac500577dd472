#include <gmock/gmock.h>

#include "datum_fixture.h"
#include "providers/datum/vertical_shift.h"

namespace topobathy::datum_test {
namespace {

using ::testing::HasSubstr;

const LonLatBox kMassachusetts{-71, 42, -70, 43};
const LonLatBox kPuertoRico{-67.1, 17.8, -66.9, 18.1};
const LonLatBox kLosAngeles{-118.05, 33.95, -117.95, 34.05};
const LonLatBox kAlaska{-150, 60, -149, 61};

class ProjShiftTest : public DatumTest {
 protected:
  void SetUp() override { TOPOBATHY_NEED_FILE(test::shared_data() + "/vgrid"); }
  /// A made grid under a name of PROJ's: level undulation over a box, in PROJ's own GeoTIFF form.
  void make_geoid(const std::string& name, double metres, double west, double south, int columns,
                  int rows) const {
    GDALAllRegister();
    GDALDatasetUniquePtr grid(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
        (grids() / name).c_str(), columns, rows, 1, GDT_Float32, nullptr));
    ASSERT_NE(grid, nullptr);
    double transform[6] = {west - 0.5, 1.0, 0.0, south + rows - 0.5, 0.0, -1.0};
    grid->SetGeoTransform(transform);
    OGRSpatialReference lonlat;
    lonlat.importFromEPSG(4326);
    grid->SetSpatialRef(&lonlat);
    grid->SetMetadataItem("TYPE", "VERTICAL_OFFSET_GEOGRAPHIC_TO_VERTICAL");
    grid->SetMetadataItem("AREA_OR_POINT", "Point");
    grid->GetRasterBand(1)->SetDescription("geoid_undulation");
    ASSERT_EQ(grid->GetRasterBand(1)->Fill(metres), CE_None);
  }
};

TEST_F(ProjShiftTest, TheNewestGeoidOfTheRegionServesWhateverTheFrameOfThePoints) {
  make_geoid("us_noaa_g2018u0.tif", -30.0, -130, 24, 71, 35);
  make_geoid("us_noaa_g2012ba0.tif", 10.0, -190, 49, 64, 24);
  make_geoid("us_noaa_geoid09_conus.tif", -99.0, -130, 24, 71, 35);
  install("us_noaa_g1999u04_crop_75W69W_40N44.6N.tif", "us_noaa_g1999u04.tif");
  for (const char* crs : {"EPSG:4269", "EPSG:4326", "EPSG:4152", "EPSG:6318", "EPSG:7912"}) {
    SCOPED_TRACE(crs);
    EXPECT_NEAR(offset(between("NAVD88", "EPSG:6319", kMassachusetts, crs), -70.5, 42.5), -30.0,
                1e-4);
  }
  EXPECT_NEAR(offset(between("EPSG:5498", "EPSG:6319", kMassachusetts), -70.5, 42.5), -30.0, 1e-4);
  EXPECT_NEAR(offset(between("NAVD88", "EPSG:6319", kAlaska), -149.5, 60.5), 10.0, 1e-4);
  EXPECT_NEAR(between("NAVD88", "EPSG:6319", kMassachusetts).info().accuracy, 0.015, 1e-9);
  EXPECT_NEAR(between("NAVD88", "EPSG:6319", kAlaska).info().accuracy, 0.02, 1e-9);
}

/// Whatever else is installed, the answer is one of two: the same shift, or the same refusal.
TEST_F(ProjShiftTest, NoShiftDependsOnWhichOtherGridsAreInstalled) {
  const std::string refused =
      refusal(ErrorCode::kUnsupported, "NAVD88", "EPSG:4979", kMassachusetts, "EPSG:4269");
  install("us_noaa_g1999u04_crop_75W69W_40N44.6N.tif", "us_noaa_g1999u04.tif");
  make_geoid("us_noaa_geoid09_conus.tif", -99.0, -130, 24, 71, 35);
  make_geoid("Und_min1x1_egm2008_isw=82_WGS84_TideFree.gz", -99.0, -180, -90, 361, 181);
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, "NAVD88", "EPSG:4979", kMassachusetts, "EPSG:4269"),
            refused);
  EXPECT_THAT(refused, HasSubstr("grid us_noaa_g2018u0.tif is not installed"));
  EXPECT_THAT(refusal(ErrorCode::kUnsupported, "EGM2008", "EPSG:4979"),
              HasSubstr("grid us_nga_egm08_25.tif is not installed"));
  install("egm2008_1min_losangeles_crop.tif", "us_nga_egm08_25.tif");
  EXPECT_NEAR(offset(between("EGM2008", "EPSG:4979", kLosAngeles), -118.0, 34.0), -35.0, 1.0);
}

TEST_F(ProjShiftTest, AMissingGridIsAnErrorThatSaysHowToGetIt) {
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, "PRVD02", "EPSG:6319", kPuertoRico),
            "heights cannot be brought from 'EPSG:6641' (PRVD02 height) to 'EPSG:6319' "
            "(NAD83(2011)): grid us_noaa_g2018p0.tif is not installed; put it into a PROJ data "
            "directory (projsync --file NAME fetches it), name its directory in "
            "TOPOBATHY_PROJ_DATA or PROJ_DATA, or read it over the network with "
            "TOPOBATHY_PROJ_NETWORK=ON");
  EXPECT_THAT(refusal(ErrorCode::kUnsupported, "EGM2008", "NAVD88", kMassachusetts),
              HasSubstr("grids us_nga_egm08_25.tif, us_noaa_g2018u0.tif are not installed; put "
                        "them into a PROJ data directory"));
}

TEST_F(ProjShiftTest, AGridThatProjCannotReadIsAnError) {
  // A hydroid, of which PROJ 9.1 knows no band: as if somebody had renamed it.
  install("nl_nsgi_nllat2018.tif", "us_noaa_g2018p0.tif");
  const auto message = [&] {
    return testing_support::refusal(ErrorCode::kUnreadable, [&] {
      offset(between("PRVD02", "EPSG:6319", kPuertoRico), -67.0, 18.0);
    });
  };
  EXPECT_THAT(message(), HasSubstr("cannot use '" + (grids() / "us_noaa_g2018p0.tif").string()));
  EXPECT_THAT(message(), HasSubstr("get the grid again, or use a PROJ that knows its kind"));
  write_text(grids() / "us_noaa_g2018p0.tif", "no grid");
  EXPECT_THAT(message(), HasSubstr("cannot use '"));
  // And the right one, put there later, serves.
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  EXPECT_LT(offset(between("PRVD02", "EPSG:6319", kPuertoRico), -67.0, 18.0), -30.0);
}

TEST_F(ProjShiftTest, AnotherGridIsAnotherRevision) {
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  const auto before = between("PRVD02", "EPSG:6319", kPuertoRico);
  EXPECT_THAT(before.info().definition, HasSubstr("proj=vgridshift"));
  EXPECT_THAT(before.info().definition, HasSubstr("[us_noaa_g2018p0.tif 218771-"));
  EXPECT_EQ(between("PRVD02", "EPSG:6319", kPuertoRico).info().definition,
            before.info().definition);
  const double offset_before = offset(before, -67.0, 18.0);
  install("us_noaa_g2012bp0.tif", "us_noaa_g2018p0.tif");
  const auto after = between("PRVD02", "EPSG:6319", kPuertoRico);
  EXPECT_NE(after.info().definition, before.info().definition);
  EXPECT_NE(offset(after, -67.0, 18.0), offset_before);
  EXPECT_EQ(testing_support::refusal(ErrorCode::kUnreadable, [&] { offset(before, -67.0, 18.0); }),
            "the vertical grid '" + (grids() / "us_noaa_g2018p0.tif").string() +
                "' has changed since it was opened; open the policy again");
}

TEST_F(ProjShiftTest, GlobalModelsMeetAtTheEllipsoid) {
  install("us_nga_egm96_15.tif", "us_nga_egm96_15.tif");
  install("egm2008_1min_losangeles_crop.tif", "us_nga_egm08_25.tif");
  const double egm96 = offset(between("EGM96", "EPSG:4979", kLosAngeles), -118.0, 34.0);
  const double egm2008 = offset(between("EGM2008", "EPSG:4979", kLosAngeles), -118.0, 34.0);
  const double direct = offset(between("EGM2008", "EGM96", kLosAngeles), -118.0, 34.0);
  EXPECT_NEAR(direct, egm2008 - egm96, 1e-6);
  EXPECT_LT(std::abs(direct), 1.0);
  EXPECT_NEAR(offset(between("EGM96", "ellipsoid", kLosAngeles), -118.0, 34.0), egm96, 1e-9);
}

TEST_F(ProjShiftTest, ThereAndBackIsNothing) {
  install("us_nga_egm96_15.tif", "us_nga_egm96_15.tif");
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  const std::pair<const char*, const char*> pairs[] = {
      {"EGM96", "EPSG:4979"}, {"PRVD02", "EPSG:6319"}, {"PRVD02", "EGM96"}};
  for (const auto& [from, to] : pairs) {
    const auto there = between(from, to, kPuertoRico), back = between(to, from, kPuertoRico);
    for (double lat = 17.9; lat < 18.6; lat += 0.2)
      for (double lon = -67.9; lon < -65.3; lon += 0.3)
        EXPECT_NEAR(offset(there, lon, lat), -offset(back, lon, lat), 2e-6)
            << from << " " << to << " " << lon << " " << lat;
  }
}

TEST_F(ProjShiftTest, DepthsOfTheSameDatumAreHeightsOfIt) {
  for (const char* other : {"EPSG:6357", "EPSG:6358", "EPSG:6360", "NAVD88 depth"})
    EXPECT_TRUE(between(other, "NAVD88").zero()) << other;
  EXPECT_TRUE(between("MLLW depth", "EPSG:5866").zero());
  EXPECT_EQ(between("MLLW", "MLLW").info().accuracy, 0.0);
  double x[2] = {-70, -71}, y[2] = {42, 43}, dz[2] = {9, 9};
  between("MLLW", "MLLW").offsets(2, x, y, dz);
  EXPECT_EQ(dz[0], 0.0);
  EXPECT_EQ(dz[1], 0.0);
}

TEST_F(ProjShiftTest, AcrossTheAntimeridian) {
  make_geoid("us_noaa_g2012ba0.tif", 10.0, 172, 49, 59, 24);
  const auto shift = between("NAVD88", "EPSG:6319", LonLatBox{179, 51, -179, 53});
  for (const double lon : {179.5, 180.0, -180.0, -179.5})
    EXPECT_NEAR(offset(shift, lon, 52.0), 10.0, 1e-4) << lon;
  install("us_nga_egm96_15.tif", "us_nga_egm96_15.tif");
  const auto world = between("EGM96", "EPSG:4979");
  EXPECT_NEAR(offset(world, 179.999999, 10.0), offset(world, -179.999999, 10.0), 1e-4);
}

TEST_F(ProjShiftTest, OffTheGridThereIsNoShift) {
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  EXPECT_TRUE(std::isnan(offset(between("PRVD02", "EPSG:6319", kPuertoRico), -75.0, 43.0)));
}

TEST_F(ProjShiftTest, WhatNobodyPublishedIsRefused) {
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, "LAT", "EGM96"),
            "heights cannot be brought from 'EPSG:5861' (LAT depth) to 'EPSG:5773' (EGM96 height): "
            "PROJ knows no transformation there; convert the data first, or state the same "
            "vertical_crs");
  EXPECT_THAT(refusal(ErrorCode::kUsage, "NAVD-88x", "NAVD88"),
              HasSubstr("did you mean 'NAVD88'?"));
}

}  // namespace
}  // namespace topobathy::datum_test
