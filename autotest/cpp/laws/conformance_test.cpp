// The cases that the tests of the Python system pin, re-expressed, where they are right. The
// letters and numbers are those of docs/differences.md.
#include "analytic_layer.h"
#include "laws/law_test.h"

namespace topobathy {
namespace {

using namespace testing_support;  // analytic layers and small rasters are this file's vocabulary

Lattice degrees(double resolution) {
  return Lattice::from_resolution("EPSG:4326", CrsTraits{}, resolution);
}

/// A layer given in longitude and latitude.
AnalyticLayer::Function in_lonlat(std::function<float(double lon, double lat)> value) {
  return [value](const Lattice& lattice, std::int64_t col, std::int64_t row) {
    double x = lattice.centre_x(col), y = lattice.centre_y(row);
    Transformer(lattice.crs(), "EPSG:4326").transform(1, &x, &y);
    return Sample{value(x, y), kNoValue, kNoSource};
  };
}

struct Fused {
  Lattice lattice;
  FusedCell cell;

  Fused(PlanBuilder& plan, const Lattice& on, const LonLatBox& box) : lattice(on) {
    const auto image = Transformer("EPSG:4326", lattice.crs()).transform_box(to_crs_box(box));
    const LatticeWindow window =
        lattice.window_of(image->left, image->bottom, image->right, image->top);
    cell = fuse(plan.plan(), lattice, window, {}, nullptr);
  }
  std::size_t index(double lon, double lat) const {
    Transformer("EPSG:4326", lattice.crs()).transform(1, &lon, &lat);
    const LatticeWindow at = lattice.window_of(lon, lat, lon, lat + lattice.pixel_size() / 2);
    return static_cast<std::size_t>((at.row - cell.window.row) * cell.window.width + at.col -
                                    cell.window.col);
  }
  float at(double lon, double lat) const { return cell.elevation.data()[index(lon, lat)]; }
  SourceId source(double lon, double lat) const { return cell.source.data()[index(lon, lat)]; }
};

TEST(Conformance, R1OverlayOverwritesItsHalf) {
  PlanBuilder plan;
  plan.plan().background = -999;
  plan.add("base", constant(10));
  plan.add("overlay", in_lonlat([](double lon, double) { return lon >= -73.5 ? 20 : kNoValue; }));
  const Fused fused(plan, degrees(1000), {-74, 40, -73, 41});
  for (double lat = 40.05; lat < 41; lat += 0.1) {
    EXPECT_EQ(fused.at(-73.6, lat), 10.0F);
    EXPECT_EQ(fused.at(-73.4, lat), 20.0F);
    EXPECT_EQ(fused.source(-73.6, lat), plan.id_of(0));
    EXPECT_EQ(fused.source(-73.4, lat), plan.id_of(1));
  }
}

TEST(Conformance, R4AnUpperLayerFillsAndReplaces) {
  PlanBuilder plan;
  plan.add("lower", in_lonlat([](double lon, double) { return lon < -70.05 ? 10 : kNoValue; }));
  SourceRecord survey;
  survey.provider = "raster";
  survey.key = "survey:H10001";
  const SourceId id = plan.plan().ids->assign(survey);
  plan.add("upper", [id](const Lattice&, std::int64_t, std::int64_t) {
    return Sample{50, kNoValue, id};
  });
  const Fused fused(plan, degrees(1113), {-70.1, 40, -70, 40.1});
  for (std::size_t p = 0; p < fused.cell.elevation.size(); ++p)
    ASSERT_EQ(fused.cell.elevation.data()[p], 50.0F);
}

TEST(Conformance, R5ABaseShowsWhereTheSurveyEnds) {
  PlanBuilder plan;
  plan.add("base", constant(-15));
  plan.add("survey", in_lonlat([](double lon, double) { return lon > -70.604 ? -20 : kNoValue; }));
  const Fused fused(plan, degrees(100), {-70.62, 42.96, -70.58, 43});
  EXPECT_EQ(valid_pixels(fused.cell.elevation), fused.cell.elevation.size());
  EXPECT_EQ(fused.at(-70.613, 42.98), -15.0F);
  EXPECT_EQ(fused.at(-70.595, 42.98), -20.0F);
}

TEST(Conformance, R6TransitionsChooseTheOperatorByWhatLiesBeneath) {
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add("lidar", in_lonlat([](double lon, double) { return lon < -74.005 ? 10 : kNoValue; }));
  plan.add("structure", in_lonlat([](double lon, double) {
             return lon >= -74.0075 && lon <= -74.0025 ? 20 : kNoValue;
           }),
           feather(50));
  plan.transition(1, overwrite());
  CrsTraits utm;
  utm.kind = CrsTraits::Kind::kProjected;
  const Fused fused(plan, Lattice::from_resolution("EPSG:32618", utm, 10),
                    {-74.01, 40.70, -74.00, 40.71});
  EXPECT_EQ(fused.at(-74.009, 40.705), 10.0F);
  EXPECT_EQ(fused.at(-74.006, 40.705), 20.0F);
  EXPECT_GT(fused.at(-74.0027, 40.705), 0.0F);
  EXPECT_LT(fused.at(-74.0027, 40.705), 20.0F);
}

TEST(Conformance, R8AConstantIsAConstant) {
  PlanBuilder plan;
  plan.add("base", constant(7.5));
  const Fused fused(plan, degrees(30), {-0.04, 0.01, -0.01, 0.04});
  for (std::size_t p = 0; p < fused.cell.elevation.size(); ++p)
    ASSERT_EQ(fused.cell.elevation.data()[p], 7.5F);
}

TEST(Conformance, FeatherCheckScript) {
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add("overlay", in_lonlat([](double lon, double lat) {
             return lon >= 4 && lon <= 6 && lat >= 4 && lat <= 6 ? 100 : kNoValue;
           }),
           feather(10000));
  const Fused fused(plan, degrees(1113.2), {0, 0, 10, 10});
  EXPECT_EQ(fused.at(5, 5), 100.0F);
  EXPECT_EQ(fused.at(2, 2), 0.0F);
  EXPECT_GT(fused.at(4.02, 5), 0.0F);
  EXPECT_LT(fused.at(4.02, 5), 100.0F);
}

TEST(Conformance, G1OutcomesTellFullNoCoverageFailedAndPartial) {
  PlanBuilder plan;
  plan.add("full", constant(5));
  plan.add("none", constant(6)).on_error = OnError::kSkip;
  plan.add("failing", constant(7)).on_error = OnError::kSkip;
  plan.add("partial", in_lonlat([](double lon, double) { return lon < -73.475 ? 8 : kNoValue; }))
      .on_error = OnError::kSkip;
  plan.layer(1).cover_nothing();
  plan.layer(2).fail_with("ProviderFetchError");
  plan.layer(3).lose("2 of its files");
  const Fused fused(plan, degrees(500), {-73.5, 40.9, -73.45, 40.95});
  const auto& outcomes = fused.cell.outcomes;
  EXPECT_EQ(outcomes[0].status, StepOutcome::Status::kOk);
  EXPECT_GT(outcomes[0].pixels, 0);
  EXPECT_EQ(outcomes[1].status, StepOutcome::Status::kNoData);
  EXPECT_EQ(outcomes[2].status, StepOutcome::Status::kFailed);
  EXPECT_EQ(outcomes[2].message, "ProviderFetchError");
  EXPECT_EQ(outcomes[3].status, StepOutcome::Status::kFailed);
  EXPECT_GT(outcomes[3].pixels, 0);
  EXPECT_FALSE(fused.cell.complete());
}

TEST(Conformance, G3NoCoverageIsComplete) {
  PlanBuilder plan;
  plan.add("full", constant(5));
  plan.add("none", constant(6));
  plan.layer(1).cover_nothing();
  EXPECT_TRUE(Fused(plan, degrees(500), {-73.5, 40.9, -73.45, 40.95}).cell.complete());
}

class ConformanceOfFiles : public LawTest {
 protected:
  void write(const std::string& name, const SmallRaster& raster) const {
    write_raster(path(name), raster);
  }
  /// 0.01 degree pixels from (left, top) on.
  static SmallRaster grid(double left, double top, int width, int height) {
    SmallRaster raster;
    raster.left = left, raster.top = top, raster.pixel = 0.01;
    raster.width = width, raster.height = height;
    return raster;
  }
};

TEST_F(ConformanceOfFiles, R2TheFirstOfSeveralBandsIsTheElevation) {
  SmallRaster raster = grid(-0.01, 0.06, 8, 8);
  raster.surveys = true;
  raster.value = [](int, int) { return 1.0; };
  write("bands.tif", raster);
  const auto fused = open(policy("crs: EPSG:4326\nresolution: 100\nextent: [0, 0, 0.04, 0.04]\n",
                                 "  - {provider: raster, path: bands.tif}\n"));
  EXPECT_EQ(read_all(*fused).elevation.at(0, 0), 1.0F);
}

TEST_F(ConformanceOfFiles, R3ElevationLimitsHold) {
  SmallRaster base = grid(-74.05, 41.05, 110, 110), layer = base;
  base.value = [](int, int) { return 0.0; };
  layer.value = [&](int c, int) { return (layer.x(c + 0.5) + 74) * 40 - 20; };
  write("base.tif", base);
  write("layer.tif", layer);
  const auto fused =
      open(policy("crs: EPSG:4326\nresolution: 1000\nextent: [-74, 40, -73, 41]\n",
                  "  - {provider: raster, path: base.tif}\n"
                  "  - {provider: raster, path: layer.tif, filter: {min_elevation: -15, "
                  "max_elevation: 5}}\n"));
  const LayerPlanes planes = read_all(*fused);
  float low = 0, high = 0;
  for (std::size_t p = 0; p < planes.elevation.size(); ++p) {
    low = std::min(low, planes.elevation.data()[p]);
    high = std::max(high, planes.elevation.data()[p]);
  }
  EXPECT_GE(low, -15.0F);
  EXPECT_LT(low, -0.1F);
  EXPECT_LE(high, 5.0F);
  EXPECT_GT(high, 0.1F);
}

TEST_F(ConformanceOfFiles, R7GridsHalfAPixelApartLeaveNoGap) {
  SmallRaster west = grid(-0.02, 0.06, 2, 7), east = grid(0.0, 0.065, 5, 7);
  west.value = east.value = [](int, int) { return -3.0; };
  write("west.tif", west);
  write("east.tif", east);
  const auto fused =
      open(policy("crs: EPSG:4326\nresolution: 200\nextent: [-0.01, 0.001, 0.04, 0.049]\n",
                  "  - {provider: raster, path: [west.tif, east.tif]}\n"));
  const LayerPlanes planes = read_all(*fused);
  for (std::size_t p = 0; p < planes.elevation.size(); ++p)
    ASSERT_EQ(planes.elevation.data()[p], -3.0F);
}

TEST_F(ConformanceOfFiles, R9NothingIsInventedWhereAFileHasNoData) {
  SmallRaster west = grid(-0.02, 0.06, 2, 7), east = grid(0.0, 0.06, 5, 7);
  west.value = [](int, int) { return -3.0; };
  east.value = [](int, int) { return std::nan(""); };
  write("west.tif", west);
  write("east.tif", east);
  const auto fused =
      open(policy("crs: EPSG:4326\nresolution: 200\nextent: [-0.01, 0.001, 0.04, 0.049]\n",
                  "  - {provider: raster, path: [west.tif, east.tif]}\n"));
  const LayerPlanes planes = read_all(*fused);
  for (std::int64_t r = 0; r < planes.window.height; ++r)
    for (std::int64_t c = 0; c < planes.window.width; ++c)
      ASSERT_EQ(std::isnan(planes.elevation.at(c, r)),
                fused->lattice().centre_x(planes.window.col + c) > 0);
}

/// Transitions were dead once the target named its surveys (10.1, fault 2): real layers do.
TEST_F(ConformanceOfFiles, ATransitionMatchesAStepThatNamesItsSurveys) {
  SmallRaster tiles = grid(-0.02, 0.06, 8, 8);
  tiles.surveys = true;
  tiles.value = [](int, int) { return 0.0; };
  write("tiles.tif", tiles);
  SmallRaster survey = tiles;
  survey.surveys = false;
  survey.value = [](int, int) { return 10.0; };
  write("survey.tif", survey);
  for (const std::string target : {"tiles", "raster"}) {
    const auto fused = open(policy(
        "crs: EPSG:4326\nresolution: 200\nextent: [-0.01, 0.001, 0.04, 0.049]\n",
        "  - {provider: raster, name: tiles, path: tiles.tif}\n"
        "  - {provider: raster, name: top, path: survey.tif, operator: linear_blend, weight: 0.5, "
        "transitions: [{target_provider: " +
            target + ", operator: overwrite}]}\n",
        "", target + ".yaml"));
    EXPECT_EQ(read_all(*fused).elevation.at(1, 1), 10.0F) << target;
  }
}

}  // namespace
}  // namespace topobathy
