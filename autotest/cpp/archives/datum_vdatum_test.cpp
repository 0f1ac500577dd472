#include <gmock/gmock.h>
#include <proj.h>

#include <thread>

#include "datum_fixture.h"
#include "providers/datum/vdatum_shift.h"

namespace topobathy::datum_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class VdatumTest : public DatumTest {};

/// What an ellipsoid's height gains from NAD83(2011) to ITRF2014 at height 0, straight from PROJ.
double frame_change(double lon, double lat) {
  PJ_CONTEXT* const context = proj_context_create();
  PJ* const raw = proj_create_crs_to_crs(context, "EPSG:6319", "EPSG:7912", nullptr);
  PJ* const operation = proj_normalize_for_visualization(context, raw);
  const double z = proj_trans(operation, PJ_FWD, proj_coord(lon, lat, 0.0, 2010.0)).xyz.z;
  proj_destroy(operation);
  proj_destroy(raw);
  proj_context_destroy(context);
  return z;
}

struct Station {
  const char* name;
  double lon, lat;
  double separation;  ///< NAVD88 (or the islands' datum) minus MLLW, as CO-OPS publishes it
  const char* frame;
};

/// The published separations come out of surfaces that are made to meet them by the recipe: sign,
/// frame and the sum of the geoids.
TEST_F(VdatumTest, MeetsTheStationsByTheRecipeOfTheFrame) {
  const Station stations[] = {
      {"FLGAeast", -81.4133, 30.4000, 0.948, "NAD83"},  // Mayport
      {"FLandrew", -85.6644, 30.1497, 0.171, "NAD83"},  // Panama City
      {"TXintra", -97.2155, 26.0612, 0.259, "NAD83"},   // Port Isabel
      {"MENHMA", -71.0503, 42.3539, 1.676, "NAD83"},    // Boston
      {"GASCNC", -79.9236, 32.7808, 0.957, "NAD83"},    // Charleston
      {"CAsouin", -117.1767, 32.7156, 0.131, "IGS14"},  // San Diego
      {"CAsfdel", -122.4659, 37.8063, -0.018, "IGS14"},
      {"WAcoast", -123.7683, 46.2073, -0.064, "IGS14"},  // Astoria
      {"WApugets", -122.3393, 47.6026, 0.713, "IGS14"},  // Seattle
      {"AKyakutat", -139.7334, 59.5485, 0.180, "IGS08"},
      {"PRVIis", -66.1164, 18.4589, 0.232, "NAD83"},  // San Juan
      {"PRVIof", -64.9258, 18.3306, 0.116, "NAD83"},  // Charlotte Amalie
  };
  constexpr double kTss = 0.4, kHybrid = -30.0, kAlaskan = 10.0;
  for (const Station& station : stations) {
    SCOPED_TRACE(station.name);
    const std::string name = station.name;
    const bool islands = name.rfind("PRVI", 0) == 0;
    const bool gravity = std::string(station.frame) != "NAD83";
    const double hybrid = station.lat > 51.0 ? kAlaskan : kHybrid;
    const double change = frame_change(station.lon, station.lat);
    const double gravimetric = hybrid - 0.7;
    double mllw = islands ? -station.separation : kTss - station.separation;
    if (gravity) {
      EXPECT_GT(change, -1.6);
      EXPECT_LT(change, 0.4);
      mllw = hybrid + change - gravimetric + kTss - station.separation;
    }
    fs::remove_all(vdatum());
    const double west = station.lon + 360.0 - 0.2, south = station.lat - 0.2;
    region(name, west, south, 0.1, station.frame, {{"tss", level(kTss)}, {"mllw", level(mllw)}});
    write_gtx(vdatum() / "core/geoid18/g2018u0.gtx", 230, 24, 1, 71, 35, level(kHybrid));
    write_gtx(vdatum() / "core/geoid12b/g2012ba0.gtx", 172, 51, 1, 59, 21, level(kAlaskan));
    write_gtx(vdatum() / "core/xgeoid20b/conuspac.gtx", 170, 10, 1, 130, 60, level(gravimetric));
    const std::string local = islands ? "PRVD02" : "NAVD88";
    EXPECT_NEAR(offset(between("MLLW", local), station.lon, station.lat), -station.separation,
                1e-5);
    EXPECT_NEAR(offset(between(local, "MLLW"), station.lon, station.lat), station.separation, 1e-5);
  }
}

TEST_F(VdatumTest, TidalDatumsMeetAtLocalSeaLevel) {
  // As at Mayport.
  region("FL", 278.0, 30.0, 0.25, "NAD83",
         {{"tss", level(0.173)},
          {"mllw", level(-0.7734)},
          {"mlw", level(-0.7258)},
          {"mtl", level(-0.016)},
          {"dtl", level(0.005)},
          {"mhw", level(0.6939)},
          {"mhhw", level(0.7834)}});
  const auto shift = [&](const char* from, const char* to) {
    return offset(between(from, to), -81.5, 30.5);
  };
  EXPECT_NEAR(shift("MLLW", "MSL"), -0.7734, 1e-6);
  EXPECT_NEAR(shift("LMSL", "MHW"), -0.6939, 1e-6);
  EXPECT_NEAR(shift("MHHW", "MLLW"), 0.7834 + 0.7734, 1e-6);
  EXPECT_NEAR(shift("MLW", "MLLW"), -0.7258 + 0.7734, 1e-6);
  EXPECT_NEAR(shift("MTL", "DTL"), -0.021, 1e-6);
  EXPECT_NEAR(shift("LMSL", "NAVD88"), -0.173, 1e-6);
  EXPECT_NEAR(shift("EPSG:5866", "EPSG:5703"), -0.9464, 1e-6);
  EXPECT_NEAR(shift("EPSG:5866", "EPSG:6357"), -0.9464, 1e-6) << "the datum counts, not its axis";
  EXPECT_TRUE(between("LMSL", "EPSG:5715").zero());
}

TEST_F(VdatumTest, SaysWhatItDidAndHowWell) {
  region("FL", 278.0, 30.0, 0.25, "NAD83", {{"tss", level(0.1)}, {"mllw", level(-0.5)}});
  const ShiftInfo info = between("MLLW", "NAVD88").info();
  EXPECT_EQ(info.pipeline, "VDatum MLLW to NAVD88");
  EXPECT_DOUBLE_EQ(info.accuracy, 0.09);
  EXPECT_THAT(info.definition, HasSubstr("VDatum MLLW to NAVD88 regions=FL grids="));
  // Another grid is another revision, and it is seen.
  write_gtx(vdatum() / "FL/FL_mllw.gtx", 278.0, 30.0, 0.25, 6, 5, level(-0.25));
  EXPECT_NE(between("MLLW", "NAVD88").info().definition, info.definition);
  EXPECT_NEAR(offset(between("MLLW", "NAVD88"), -81.5, 30.5), -0.35, 1e-6);
}

TEST_F(VdatumTest, TheSmallestRegionCountsThatHasAValue) {
  // A hole in the east of the small region; beyond it the large one.
  region("Large", 278.0, 30.0, 0.5, "NAD83", {{"tss", level(0.0)}, {"mllw", level(-2.0)}});
  region("small", 278.5, 30.5, 0.1, "NAD83",
         {{"tss", level(0.0)},
          {"mllw", [](double lon, double) { return lon > 278.75 ? kHole : -1.0; }}});
  const auto shift = between("MLLW", "NAVD88");
  EXPECT_NEAR(offset(shift, -81.45, 30.6), -1.0, 1e-6);
  EXPECT_NEAR(offset(shift, -81.3, 30.6), -1.0, 1e-6) << "on the last node with a value";
  EXPECT_NEAR(offset(shift, -81.29, 30.6), -2.0, 1e-6) << "a node without a value counts here";
  EXPECT_NEAR(offset(shift, -80.5, 31.5), -2.0, 1e-6);
  EXPECT_TRUE(std::isnan(offset(shift, -70.0, 42.0)));
}

TEST_F(VdatumTest, APolygonLimitsItsRegion) {
  region("Large", 278.0, 30.0, 0.5, "NAD83", {{"tss", level(0.0)}, {"mllw", level(-2.0)}});
  region("small", 278.5, 30.5, 0.1, "NAD83", {{"tss", level(0.0)}, {"mllw", level(-1.0)}});
  write_text(vdatum() / "small/SMALL.bnd",
             "-81.5 30.5 1\n-81.3 30.5 1\n-81.3 30.9 1\n-81.5 30.9 1\n-81.5 30.5 1\n\n\n");
  const auto shift = between("MLLW", "NAVD88");
  EXPECT_NEAR(offset(shift, -81.4, 30.7), -1.0, 1e-6);
  EXPECT_NEAR(offset(shift, -81.2, 30.7), -2.0, 1e-6);
  EXPECT_NEAR(offset(shift, 278.6, 30.7), -1.0, 1e-6) << "any turn of the longitude";
}

TEST_F(VdatumTest, GridsMayLieAcrossTheAntimeridian) {
  const auto slope = [](double lon, double lat) { return -(lon - 178.0) - 10.0 * (lat - 51.0); };
  region("AKout", 178.0, 51.0, 0.5, "NAD83", {{"tss", level(0.0)}, {"mllw", slope}}, 9);
  const auto shift = between("MLLW", "NAVD88", LonLatBox{179.0, 51.0, -179.0, 53.0});
  for (const double east : {178.2, 179.9, 180.0, 180.1, 181.7}) {
    EXPECT_NEAR(offset(shift, east, 51.3), slope(east, 51.3), 1e-5) << east;
    EXPECT_NEAR(offset(shift, east - 360.0, 51.3), slope(east, 51.3), 1e-5) << east;
  }
  EXPECT_TRUE(std::isnan(offset(shift, 177.9, 51.3)));
  EXPECT_TRUE(std::isnan(offset(shift, -177.9, 51.3)));
}

TEST_F(VdatumTest, TheColumbiaIsChartedInItsPolygon) {
  write_gtx(vdatum() / "CRD/crd.gtx", 236.0, 45.5, 0.25, 9, 5, level(0.41));
  write_text(vdatum() / "CRD/CRD.bnd", "-123.7 46\n-122 46\n-122 46.4\n-123.7 46.4\n");
  const auto shift = between("CRD", "NAVD88");
  EXPECT_NEAR(offset(shift, -123.4565, 46.2703), 0.41, 1e-6) << "CRD lies above NAVD88";
  EXPECT_NEAR(offset(between("NAVD88", "CRD"), -123.4565, 46.2703), -0.41, 1e-6);
  EXPECT_TRUE(std::isnan(offset(shift, -123.9, 46.27)));
}

TEST_F(VdatumTest, RiversWithALowWaterDatumHaveIt) {
  region("sea", 278.0, 30.0, 0.1, "NAD83", {{"tss", level(0.1)}, {"mllw", level(-0.5)}});
  region("river", 278.0, 30.0, 0.2, "NAD83",
         {{"tss", level(0.1)}, {"mllw", level(-0.5)}, {"lwd", level(-0.3)}});
  EXPECT_NEAR(offset(between("LWD", "NAVD88"), -81.8, 30.2), -0.4, 1e-6);
}

TEST_F(VdatumTest, ThroughItsHubToWhatProjKnows) {
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  region("PRVIis", 292.0, 17.5, 0.25, "NAD83", {{"tss", level(9.9)}, {"mllw", level(-0.229)}}, 9);
  const LonLatBox area{-67.1, 17.8, -66.9, 18.1};
  const auto shift = between("MLLW", "EPSG:6319", area);
  const auto proj = between("PRVD02", "EPSG:6319", area);
  EXPECT_NEAR(offset(shift, -67.0, 18.0), offset(proj, -67.0, 18.0) - 0.229, 1e-5);
  EXPECT_EQ(shift.info().pipeline,
            "VDatum MLLW to PRVD02, Inverse of NAD83(2011) to PRVD02 height (2)");
  EXPECT_NEAR(shift.info().accuracy, std::hypot(0.09, 0.015), 1e-9);
  EXPECT_THAT(shift.info().definition, HasSubstr("us_noaa_g2018p0.tif "));
  EXPECT_NEAR(offset(between("EPSG:6319", "MLLW", area), -67.0, 18.0), -offset(shift, -67.0, 18.0),
              1e-6);
}

TEST_F(VdatumTest, PointsComeInAnyHorizontalCrs) {
  const auto slope = [](double lon, double lat) { return (lon - 278.0) + 10.0 * (lat - 30.0); };
  region("FL", 278.0, 30.0, 0.25, "NAD83", {{"tss", slope}, {"mllw", level(0.0)}});
  OGRSpatialReference lonlat, utm;
  lonlat.importFromEPSG(4269);
  lonlat.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  utm.importFromEPSG(26917);
  const std::unique_ptr<OGRCoordinateTransformation> to_utm(
      OGRCreateCoordinateTransformation(&lonlat, &utm));
  double x = -81.4, y = 30.4;
  ASSERT_TRUE(to_utm && to_utm->Transform(1, &x, &y));
  EXPECT_NEAR(offset(between("MLLW", "NAVD88", std::nullopt, "EPSG:26917"), x, y),
              -slope(278.6, 30.4), 1e-5);
}

TEST_F(VdatumTest, APointKnowsNeitherItsBatchNorItsThread) {
  const auto wave = [](double lon, double lat) {
    return std::sin(20.0 * lon) + std::cos(31.0 * lat);
  };
  region("FL", 278.0, 30.0, 0.002, "NAD83", {{"tss", wave}, {"mllw", level(-0.5)}}, 600);
  const auto shift = between("MLLW", "NAVD88");
  std::vector<double> x, y;
  for (int i = 0; i < 4000; ++i) {
    x.push_back(-81.99 + 1.17 * (i % 61) / 61.0);
    y.push_back(30.01 + 1.17 * i / 4000.0);
  }
  std::vector<double> whole(x.size());
  shift.offsets(x.size(), x.data(), y.data(), whole.data());
  std::vector<int> differing(4, 0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = static_cast<std::size_t>(t); i < x.size(); i += 4)
        differing[static_cast<std::size_t>(t)] += offset(shift, x[i], y[i]) == whole[i] ? 0 : 1;
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(differing, std::vector<int>(4, 0));
  EXPECT_NEAR(whole[7], -0.5 - wave(x[7] + 360.0, y[7]), 2e-3);
}

TEST_F(VdatumTest, WithoutTheGridsItSaysHowToGetThem) {
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, "MLLW", "NAVD88"),
            "heights cannot be brought from 'EPSG:5866' (MLLW) to 'EPSG:5703' (NAVD88): '" +
                vdatum().string() +
                "' has no VDatum surfaces of both there (in Puerto Rico and the Virgin Islands "
                "PRVD02 and VIVD09 are in the place of NAVD88); convert the data first, or take "
                "the heights as they are with vertical: assume");
  options_.vdatum = (folder_ / "nowhere").string();
  EXPECT_EQ(refusal(ErrorCode::kNotFound, "MLLW", "NAVD88"),
            "TOPOBATHY_VDATUM_DIR: '" + options_.vdatum +
                "' is no folder; name the one that NOAA's VDatum archives were unpacked into");
  options_.vdatum.clear();
  EXPECT_EQ(
      refusal(ErrorCode::kUnsupported, "MLLW", "NAVD88"),
      "heights cannot be brought from 'EPSG:5866' (MLLW) to 'EPSG:5703' (NAVD88): tidal datums "
      "are in NOAA's VDatum grids only; unpack them and name their folder in "
      "TOPOBATHY_VDATUM_DIR, or take the heights as they are with vertical: assume");
}

TEST_F(VdatumTest, TheFolderMayBeTheOneAboveToo) {
  region("FL", 278.0, 30.0, 0.25, "NAD83", {{"tss", level(0.1)}, {"mllw", level(-0.5)}});
  options_.vdatum = (folder_ / "bundle").string();
  EXPECT_NEAR(offset(between("MLLW", "NAVD88"), -81.5, 30.5), -0.6, 1e-6);
}

TEST_F(VdatumTest, HalfAnArchiveIsAnErrorThatNamesTheOtherHalf) {
  region("FL", 278.0, 30.0, 0.25, "NAD83", {{"mllw", level(-0.5)}});
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, "MLLW", "NAVD88"),
            "'" + (vdatum() / "FL/FL_tss.gtx").string() +
                "' is missing, a grid of NOAA's VDatum; unpack the archive that holds it into the "
                "same folder");
  region("FL", 278.0, 30.0, 0.25, "IGS14", {{"tss", level(0.1)}, {"mllw", level(-0.5)}});
  EXPECT_THAT(refusal(ErrorCode::kUnsupported, "MLLW", "NAVD88"),
              HasSubstr("core/geoid18/g2018u0.gtx' is missing"));
  EXPECT_NEAR(offset(between("MLLW", "MSL"), -81.5, 30.5), -0.5, 1e-6) << "needs no geoid";
}

TEST_F(VdatumTest, ARegionThatIsListedButNotInstalledIsNotPassedOver) {
  region("Large", 278.0, 30.0, 0.5, "NAD83", {{"tss", level(0.0)}, {"mllw", level(-2.0)}});
  write_text(vdatum() / "tidal_area.inf",
             "version=4.7\nLarge.minlon=278\nLarge.maxlon=280\nLarge.minlat=30\nLarge.maxlat=32\n"
             "Large.horz=NAD83\nfine.minlon=278.5\nfine.maxlon=278.9\nfine.minlat=30.5\n"
             "fine.maxlat=30.9\nfine.horz=IGS14\nfine.grids=tss,mllw\n");
  const auto shift = between("MLLW", "NAVD88");
  EXPECT_NEAR(offset(shift, -81.9, 30.6), -2.0, 1e-6);
  EXPECT_EQ(testing_support::refusal(ErrorCode::kUnsupported, [&] { offset(shift, -81.3, 30.6); }),
            "heights cannot be brought from 'EPSG:5866' (MLLW) to 'EPSG:5703' (NAVD88): VDatum's "
            "region fine, which is for that place, is not installed; unpack its archive into the "
            "folder of TOPOBATHY_VDATUM_DIR");
  // As soon as it is there it counts.
  region("fine", 278.5, 30.5, 0.1, "NAD83", {{"tss", level(0.0)}, {"mllw", level(-1.0)}});
  EXPECT_NEAR(offset(between("MLLW", "NAVD88"), -81.3, 30.6), -1.0, 1e-6);
}

TEST_F(VdatumTest, DamagedFilesAreNamed) {
  const std::string met = (vdatum() / "FL/FL.met").string();
  const auto refusal_of = [&](const std::string& text) {
    write_text(met, text);
    return refusal(ErrorCode::kUnreadable, "MLLW", "NAVD88");
  };
  EXPECT_EQ(refusal_of("horz=NAD83\n"),
            "'" + met + "': states no minlon; unpack it again from NOAA's VDatum archive");
  EXPECT_THAT(refusal_of("minlon=27x\n"), HasSubstr("minlon is no number: 27x"));
  EXPECT_THAT(refusal_of(met_text(279, 30, 278, 31, "NAD83")), HasSubstr("its box is none"));
  EXPECT_THAT(refusal_of(met_text(278, 30, 279, 31, "NAD27")),
              HasSubstr("horz=NAD27 is no frame that is known here (NAD83, IGS08, IGS14)"));
  region("FL", 278.0, 30.0, 0.25, "NAD83", {{"tss", level(0.1)}});
  write_text(vdatum() / "FL/FL.bnd", "<html>no</html>\n");
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, "MLLW", "NAVD88"),
              HasSubstr("a line is no longitude and latitude: <html>no</html>"));
  fs::remove(vdatum() / "FL/FL.bnd");
  write_text(vdatum() / "FL/FL_mllw.gtx", std::string(400, 'x'));
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, "MLLW", "NAVD88"),
              HasSubstr("cannot read the VDatum grid '" + (vdatum() / "FL/FL_mllw.gtx").string()));
}

TEST_F(VdatumTest, ACutGridIsAnErrorAndNotSeaLevel) {
  region("FL", 278.0, 30.0, 0.01, "NAD83", {{"tss", level(0.1)}, {"mllw", level(-0.5)}}, 101);
  fs::resize_file(vdatum() / "FL/FL_mllw.gtx", 2000);
  EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable,
                                       [&] { offset(between("MLLW", "NAVD88"), -81.5, 30.9); }),
              HasSubstr("FL_mllw.gtx': "));
}

}  // namespace
}  // namespace topobathy::datum_test
