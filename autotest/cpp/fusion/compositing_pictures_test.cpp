#include <gtest/gtest.h>

#include <cmath>

#include "analytic_layer.h"
#include "drawing.h"

namespace topobathy {
namespace {

using namespace testing_support;  // drawings and analytic layers are this file's vocabulary

/// A layer drawn from lattice pixel (0, 0) on; nothing beyond the picture.
AnalyticLayer::Function drawn(const std::vector<std::string>& rows, const Legend<float>& legend,
                              const Legend<SourceId>& sources = {}) {
  return [plane = draw(rows, legend), rows, sources](const Lattice&, std::int64_t col,
                                                     std::int64_t row) {
    if (col < 0 || row < 0 || col >= plane.width() || row >= plane.height()) return Sample{};
    const char letter = rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(col)];
    const auto source = sources.find(letter);
    return Sample{plane.at(col, row), kNoValue,
                  source == sources.end() ? kNoSource : source->second};
  };
}

FusedCell fused(PlanBuilder& builder, std::int64_t width, std::int64_t height) {
  return fuse(builder.plan(), metres(), {0, 0, width, height}, {}, nullptr);
}

std::vector<float> first_row(const FusedCell& cell) {
  return {cell.elevation.row(0), cell.elevation.row(0) + cell.window.width};
}

TEST(Compositing, OverwriteReplacesWhereTheLayerIsValid) {
  const Legend<float> legend{{'a', 1}, {'b', 2}};
  PlanBuilder plan;
  plan.add("base", drawn({"aaaaa.", "aaaaa.", "......"}, legend));
  plan.add("top", drawn({"..bb..", "...b.b", "......"}, legend));
  const FusedCell cell = fused(plan, 6, 3);
  EXPECT_EQ(picture(cell.elevation, legend), Drawing({"aabba.", "aaabab", "......"}));
  const Legend<SourceId> ids{{'a', plan.id_of(0)}, {'b', plan.id_of(1)}};
  EXPECT_EQ(picture(cell.source, ids), Drawing({"aabba.", "aaabab", "......"}));
}

/// Reference vector of the Python system: 10 m pixels, base 0, overlay 20 from the third column
/// on, 50 m.
TEST(Compositing, FeatherRampIsTheReferenceVector) {
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add(
      "survey",
      [](const Lattice&, std::int64_t col, std::int64_t) {
        return Sample{col >= 1 ? 20.0F : kNoValue, kNoValue, kNoSource};
      },
      feather(50));
  EXPECT_EQ(first_row(fused(plan, 7, 1)), (std::vector<float>{0, 4, 8, 12, 16, 20, 20}));
}

TEST(Compositing, FeatherStopsAtFootprintEdge) {
  const Legend<float> legend{{'.', 0}, {'s', 20}, {'1', 4}, {'2', 8}, {'3', 12}};
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add("survey",
           drawn({".......",  //
                  ".sssss.",  //
                  ".sssss.",  //
                  ".sssss.",  //
                  ".sssss.",  //
                  ".sssss.",  //
                  "......."},
                 {{'s', 20}}),
           feather(50));
  EXPECT_EQ(picture(fused(plan, 7, 7).elevation, legend),
            Drawing({".......",  //
                     ".11111.",  //
                     ".12221.",  //
                     ".12321.",  //
                     ".12221.",  //
                     ".11111.",  //
                     "......."}));
}

TEST(Compositing, FullCoverHasNoPhantomRamp) {
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add("survey", constant(20), feather(5000));
  const FusedCell cell = fused(plan, 40, 40);
  for (std::size_t p = 0; p < cell.elevation.size(); ++p)
    ASSERT_EQ(cell.elevation.data()[p], 20.0F);
  EXPECT_EQ(cell.outcomes[0].status, StepOutcome::Status::kOccluded);
}

TEST(Compositing, ARampIsNotCutAtTheBorderOfACell) {
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add(
      "survey",
      [](const Lattice&, std::int64_t col, std::int64_t) {
        return Sample{col >= 500 ? 20.0F : kNoValue, kNoValue, kNoSource};
      },
      feather(2000));
  // 512-pixel cells: 12 pixels of the ramp in one, 188 in the next.
  const FusedCell all = fuse(plan.plan(), metres(), {490, 0, 300, 1}, {}, nullptr);
  const FusedCell right = fuse(plan.plan(), metres(), {512, 0, 278, 1}, {}, nullptr);
  for (std::int64_t c = 0; c < 278; ++c)
    ASSERT_EQ(right.elevation.at(c, 0), all.elevation.at(c + 22, 0));
  EXPECT_FLOAT_EQ(right.elevation.at(0, 0), 20.0F * 13 / 200);
}

TEST(Compositing, FeatherWithoutABaseStandsAlone) {
  const Legend<float> legend{{'s', 20}};
  PlanBuilder plan;
  plan.add("survey", drawn({".ssss."}, legend), feather(50));
  EXPECT_EQ(picture(fused(plan, 6, 1).elevation, legend), Drawing({".ssss."}));
}

TEST(Compositing, LinearBlendTakesItsWeight) {
  PlanBuilder plan;
  plan.add("base", drawn({"bb."}, {{'b', 8}}));
  plan.add("top", drawn({".tt"}, {{'t', 16}}), linear(0.25));
  EXPECT_EQ(first_row(fused(plan, 3, 1)), (std::vector<float>{8, 10, 16}));
}

TEST(Compositing, ATransitionReplacesTheBlendWhereItsTargetLiesBeneath) {
  const Legend<float> legend{{'a', 0}, {'b', 100}};
  PlanBuilder plan;
  plan.add("sea", drawn({"aaaaaa"}, legend));
  plan.add("land", drawn({"...bbb"}, legend));
  plan.add("survey", drawn({"ssssss"}, {{'s', 10}}), linear(0.5));
  plan.transition(1, overwrite());
  EXPECT_EQ(first_row(fused(plan, 6, 1)), (std::vector<float>{5, 5, 5, 10, 10, 10}));
}

TEST(Compositing, TheFirstTransitionThatMatchesCounts) {
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add("survey", constant(16), linear(0.5));
  plan.transition(0, linear(0.25));
  plan.transition(0, overwrite());
  EXPECT_EQ(first_row(fused(plan, 1, 1)), (std::vector<float>{4}));
}

/// In the Python system a transition was dead once its target named its surveys.
TEST(Compositing, ATransitionMatchesTheStepWhateverSurveysItNames) {
  PlanBuilder plan;
  plan.add("tiles", drawn({"xyz"}, {{'x', 0}, {'y', 0}, {'z', 0}},
                          {{'x', 70001}, {'y', 70002}, {'z', kNoSource}}));
  plan.add("survey", constant(10), linear(0.5));
  plan.transition(0, overwrite());
  EXPECT_EQ(first_row(fused(plan, 3, 1)), (std::vector<float>{10, 10, 10}));
}

TEST(Compositing, ATransitionSeesTheContributorThatDominatesBeneath) {
  PlanBuilder plan;
  plan.add("a", constant(0));
  plan.add("b", drawn({"bbb"}, {{'b', 100}}), feather(40));  // weights 1/4, 1/2, 1/4
  plan.add("c", constant(8), linear(0.5));
  plan.transition(1, overwrite());
  // Row 0 alone: 10 m to the rows above and below everywhere.
  EXPECT_EQ(first_row(fused(plan, 3, 1)), (std::vector<float>{16.5F, 16.5F, 16.5F}));
}

TEST(Compositing, BackgroundFillsTheRestAndIsNamed) {
  const Legend<float> legend{{'a', 1}, {'~', -999}};
  PlanBuilder plan;
  plan.plan().background = -999;
  plan.add("base", drawn({".a"}, legend));
  const FusedCell cell = fused(plan, 3, 1);
  EXPECT_EQ(picture(cell.elevation, legend), Drawing({"~a~"}));
  EXPECT_EQ(cell.source.at(0, 0), kBackgroundSource);
  EXPECT_EQ(cell.source.at(2, 0), kBackgroundSource);
  EXPECT_EQ(cell.sources.front().first, kBackgroundSource);
  EXPECT_EQ(cell.sources.front().second.provider, "background");
  EXPECT_TRUE(std::isnan(cell.uncertainty.at(0, 0)));
}

TEST(Compositing, AStepsBackgroundIsPartOfItsLayer) {
  PlanBuilder plan;
  plan.add("base", constant(1));
  plan.add("survey", drawn({"s"}, {{'s', 9}})).background = -5.0F;
  const FusedCell cell = fused(plan, 2, 1);
  EXPECT_EQ(first_row(cell), (std::vector<float>{9, -5}));
  EXPECT_EQ(cell.source.at(1, 0), plan.id_of(1));
}

TEST(Compositing, TheContributorWithTheLargestWeightNamesThePixelTiesGoUp) {
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add("weak", drawn({"w.."}, {{'w', 8}}), linear(0.25));
  plan.add("even", drawn({".e."}, {{'e', 8}}), linear(0.5));
  const Legend<SourceId> ids{{'b', plan.id_of(0)}, {'w', plan.id_of(1)}, {'e', plan.id_of(2)}};
  EXPECT_EQ(picture(fused(plan, 3, 1).source, ids), Drawing({"beb"}));
}

TEST(Compositing, UncertaintyBlendsInSquaresAndIsUnknownWhereNobodyStatesOne) {
  const auto with_sigma = [](float value, float sigma) {
    return [=](const Lattice&, std::int64_t, std::int64_t) {
      return Sample{value, sigma, kNoSource};
    };
  };
  PlanBuilder both;
  both.add("base", with_sigma(0, 4));
  both.add("top", with_sigma(8, 3), linear(0.5));
  EXPECT_EQ(fused(both, 1, 1).uncertainty.at(0, 0), 2.5F);

  PlanBuilder none;
  none.add("base", constant(0));
  none.add("top", constant(8), linear(0.5));
  EXPECT_TRUE(std::isnan(fused(none, 1, 1).uncertainty.at(0, 0)));

  PlanBuilder modelled;
  modelled.add("base", constant(-100)).uncertainty = {0.3, 0.004};
  EXPECT_FLOAT_EQ(fused(modelled, 1, 1).uncertainty.at(0, 0), 0.5F);
}

TEST(Compositing, AContributorWithoutWeightStatesNoUncertainty) {
  PlanBuilder plan;
  plan.add("base", constant(5));
  plan.add(
      "top",
      [](const Lattice&, std::int64_t, std::int64_t) {
        return Sample{8.0F, 3.0F, kNoSource};
      },
      linear(0));
  const FusedCell cell = fused(plan, 1, 1);
  EXPECT_EQ(cell.elevation.at(0, 0), 5.0F);
  EXPECT_TRUE(std::isnan(cell.uncertainty.at(0, 0))) << "0 m would be a lie";
  EXPECT_EQ(cell.source.at(0, 0), plan.id_of(0));
}

TEST(Compositing, AnOverwrittenStepIsNotRead) {
  PlanBuilder plan;
  plan.add("base", constant(0));
  plan.add("top", constant(1));
  Counters counters;
  const FusedCell cell = fuse(plan.plan(), metres(), {0, 0, 40, 40}, {}, &counters);
  EXPECT_EQ(plan.layer(0).reads(), 0);
  EXPECT_EQ(counters.layers_read, 1);
  EXPECT_EQ(counters.layers_occluded, 1);
  EXPECT_EQ(cell.outcomes[0].status, StepOutcome::Status::kOccluded);
  EXPECT_EQ(cell.outcomes[1].pixels, 1600);
}

}  // namespace
}  // namespace topobathy
