#include <gmock/gmock.h>

#include "service/area_test.h"
#include "utils/serve/analysis/quality_json.h"
#include "utils/serve/analysis/without_paths.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;

/// Ground of 100 x 80 pixels of 10 m in UTM.
struct Ground {
  Lattice lattice = Lattice::from_resolution(
      "EPSG:32632", {CrsTraits::Kind::kProjected, 1.0, 6378137.0, 298.257223563}, 10.0);
  LayerPlanes planes;

  explicit Ground(
      const std::function<double(int, int)>& height,
      const std::function<SourceId(int, int)>& source = [](int, int) { return 7; }) {
    planes.window = {50000, -555000, 100, 80};
    planes.elevation = Plane<float>(100, 80);
    planes.source = Plane<SourceId>(100, 80);
    for (int r = 0; r < 80; ++r)
      for (int c = 0; c < 100; ++c) {
        planes.elevation.at(c, r) = static_cast<float>(height(c, r));
        planes.source.at(c, r) = std::isnan(height(c, r)) ? kNoSource : source(c, r);
      }
  }
  Quality quality() const { return assess_quality(lattice, planes); }
};

SourceId west_and_east(int c, int) {
  return c < 50 ? 11 : 22;
}
/// The same in every run: -1 to 1.
double noise(int c, int r) {
  std::uint32_t bits =
      static_cast<std::uint32_t>(c) * 0x9E3779B1U ^ static_cast<std::uint32_t>(r) * 0x85EBCA77U;
  bits = (bits ^ bits >> 15) * 0x2C1B3C6DU;
  bits = (bits ^ bits >> 12) * 0x297A2D39U;
  return static_cast<double>(bits ^ bits >> 15) / 2147483647.5 - 1.0;
}

TEST(Quality, ASlopeIsInGroundMetres) {
  const Quality quality = Ground([](int c, int) { return c * 1.0; }).quality();
  EXPECT_NEAR(quality.max_slope, std::atan(0.1) * 180 / M_PI, 1e-6);
  EXPECT_TRUE(quality.cliffs.empty());
  EXPECT_EQ(quality.valid, 8000);
}

TEST(Quality, AWallIsOneCliffWithItsWholeHeight) {
  const Quality quality = Ground([](int c, int) { return c < 30 ? 0.0 : 12.0; }).quality();
  ASSERT_EQ(quality.cliffs.size(), 1U);
  EXPECT_EQ(quality.cliffs[0].step, 12.0);  // not half of it
  EXPECT_NEAR(quality.cliffs[0].slope, std::atan(1.2) * 180 / M_PI, 1e-6);
  EXPECT_EQ(quality.cliffs[0].pixels, 160);
  EXPECT_TRUE(quality.jumps.empty());
}

TEST(Quality, TheRimOfAHoleIsNoCliff) {
  const Quality quality = Ground([](int c, int r) {
                            return c > 20 && c < 40 && r > 20 ? std::nan("") : c * 0.2;
                          }).quality();
  EXPECT_TRUE(quality.cliffs.empty());
  EXPECT_NEAR(quality.max_slope, std::atan(0.02) * 180 / M_PI, 1e-4);
  EXPECT_EQ(quality.pixels - quality.valid, 19 * 59);
}

TEST(Quality, AStepBetweenTwoSourcesIsAJumpOfItsHeight) {
  const Quality quality =
      Ground([](int c, int r) { return c * 0.3 + (c < 50 ? 0.0 : 1.5) + 0.1 * noise(c, r); },
             west_and_east)
          .quality();
  ASSERT_EQ(quality.jumps.size(), 2U);  // two squares of 64 rows
  const Jump& jump = quality.jumps[0];
  EXPECT_NEAR(jump.jump, 1.5, 0.1);  // the slope is no part of it
  EXPECT_EQ(jump.lower, 11U);
  EXPECT_EQ(jump.upper, 22U);
  EXPECT_EQ(jump.edges.size(), 64U);
  EXPECT_NEAR(jump.length, 640.0, 1e-6);
}

TEST(Quality, ASourceThatLiesLowerHasANegativeJump) {
  const Quality quality =
      Ground([](int c, int) { return c < 50 ? 0.0 : -2.0; }, west_and_east).quality();
  ASSERT_FALSE(quality.jumps.empty());
  EXPECT_NEAR(quality.jumps[0].jump, -2.0, 1e-6);
}

TEST(Quality, ABorderWithoutAStepIsNoJump) {
  EXPECT_TRUE(Ground([](int c, int) { return c * 2.0; }, west_and_east).quality().jumps.empty());
}

TEST(Quality, AStepBelowTheRoughnessBesideItIsNoJump) {
  const auto rough = [](double step) {
    return Ground([step](int c, int r) { return (c < 50 ? 0.0 : step) + 2.0 * noise(c, r); },
                  west_and_east)
        .quality();
  };
  EXPECT_TRUE(rough(1.5).jumps.empty());
  EXPECT_FALSE(rough(12.0).jumps.empty());
}

TEST(Quality, RoughnessOnOneSideCounts) {
  EXPECT_TRUE(
      Ground([](int c, int r) { return c < 50 ? 0.0 : 1.5 + 2.0 * noise(c, r); }, west_and_east)
          .quality()
          .jumps.empty());
}

TEST(Quality, AStepOnAPartOfABorderIsFound) {
  const Quality quality =
      Ground([](int c, int r) { return c < 50 || r < 64 ? 0.0 : 2.0; }, west_and_east).quality();
  ASSERT_EQ(quality.jumps.size(), 1U);
  EXPECT_EQ(quality.jumps[0].edges.front().row, 64);
}

TEST(Quality, JumpsAreLinesInLongitudeAndLatitude) {
  const Ground ground([](int c, int) { return c < 50 ? 0.0 : 2.0; }, west_and_east);
  SourceRecord record;
  record.provider = "ncei_bag";
  record.survey_id = "H1";
  record.location = "/srv/secret.bag";
  const json report =
      quality_json(ground.lattice, ground.planes.window, ground.quality(), {{11, record}});
  const json& features = report["features"]["features"];
  ASSERT_EQ(features.size(), 2U);
  EXPECT_EQ(features[0]["properties"]["type"], "vdatum_jump");
  EXPECT_EQ(features[0]["properties"]["lower_source"]["survey_id"], "H1");
  const json& lines = features[0]["geometry"]["coordinates"];
  ASSERT_EQ(lines.size(), 1U);  // 64 edges are one line
  const double lon = lines[0][0][0], lat = lines[0][0][1];
  EXPECT_NEAR(lon, 9.007, 0.01);
  EXPECT_NEAR(lat, 50.1, 0.2);
  EXPECT_EQ(report["stats"]["vdatum_risk_score"], 80);
  EXPECT_EQ(report["stats"]["missing_data_pct"], 0.0);
  EXPECT_EQ(report.dump().find("secret"), std::string::npos);
}

TEST(Quality, MoreFeaturesThanTheMostAreCutAndSaid) {
  const Ground needles([](int c, int r) { return c % 3 == 1 && r % 3 == 1 ? 50.0 : 0.0; });
  Ground apart([](int, int) { return 0.0; });
  Quality many;
  many.cliffs.resize(kMostFeatures + 1);
  const json report = quality_json(apart.lattice, apart.planes.window, many, {});
  EXPECT_EQ(report["features"]["features"].size(), kMostFeatures);
  EXPECT_EQ(report["note"], "501 cliffs were found, the 500 largest are listed");
  EXPECT_FALSE(quality_json(needles.lattice, needles.planes.window, needles.quality(), {})
                   .contains("note"));  // touching needles are one cliff
}

TEST(WithoutPaths, OnlyNamesOfFilesStay) {
  EXPECT_EQ(without_paths("cannot read '/srv/data/a.tif': no such file"),
            "cannot read 'a.tif': no such file");
  EXPECT_EQ(without_paths("/a/b"), "b");
  EXPECT_EQ(without_paths("https://x.org/a/b.tif answers 404"),
            "https://x.org/a/b.tif answers 404");
  EXPECT_EQ(without_paths("metres/second of /"), "metres/second of /");
}

}  // namespace
}  // namespace topobathy::testing_support
