#include "fusion/shoalest.h"

#include <gtest/gtest.h>

#include "drawing.h"

namespace topobathy {
namespace {

using testing_support::draw;
using testing_support::draw_sources;
using testing_support::Drawing;
using testing_support::Legend;
using testing_support::picture;

const Legend<float> kDepths = {{'1', -1}, {'2', -2}, {'3', -3}, {'4', -4}, {'5', -5}};
const Legend<SourceId> kSurveys = {
    {'1', 70001}, {'2', 70002}, {'3', 70003}, {'4', 70004}, {'5', 70005}};

/// A fine cell whose depth, uncertainty and survey all follow the drawing.
std::shared_ptr<FusedCell> cell(const std::vector<std::string>& rows) {
  auto made = std::make_shared<FusedCell>();
  made->elevation = draw(rows, kDepths);
  made->uncertainty = draw(rows, {{'1', 1}, {'2', 2}, {'3', 3}, {'4', 4}, {'5', 5}});
  made->source = draw_sources(rows, kSurveys);
  made->window = {0, 0, made->elevation.width(), made->elevation.height()};
  for (const auto& [letter, id] : kSurveys) {
    made->sources.emplace_back(id, SourceRecord{});
    made->sources.back().second.key = letter;
  }
  made->outcomes = {{"step", StepOutcome::Status::kOk, 4, ""}};
  return made;
}

/// Cells of three pixels: a group of four pixels may lie in two cells, or in four.
TEST(Shoalest, TakesTheLargestOfFourAlsoAcrossCells) {
  const FusedCell coarse = shoalest_of({cell({"543", "455", "555"}), cell({"555", "555", "255"}),
                                        cell({"552", "...", "..3"}), cell({"4..", "...", "5.1"})},
                                       {0, 0, 3, 3});
  EXPECT_EQ(picture(coarse.elevation, kDepths), Drawing({"435", "525", ".31"}));
  EXPECT_EQ(picture(coarse.source, kSurveys), Drawing({"435", "525", ".31"}));
}

TEST(Shoalest, KeepsTheUncertaintyOfThePixelItTakes) {
  const FusedCell coarse =
      shoalest_of({cell({"41", "55"}), cell({"..", ".3"}), cell({"22", "22"}), cell({"..", ".."})},
                  {0, 0, 2, 2});
  EXPECT_EQ(coarse.uncertainty.at(0, 0), 1.0F);
  EXPECT_EQ(coarse.uncertainty.at(1, 0), 3.0F);
  EXPECT_EQ(coarse.elevation.at(0, 1), -2.0F);
  EXPECT_TRUE(std::isnan(coarse.elevation.at(1, 1)));
  EXPECT_EQ(coarse.source.at(1, 1), kNoSource);
}

TEST(Shoalest, AFailureInOneCellIsOneOfTheWhole) {
  auto failed = cell({"11", "11"});
  failed->outcomes[0] = {"step", StepOutcome::Status::kFailed, 2, "a.tif is gone"};
  const FusedCell coarse = shoalest_of(
      {cell({"11", "11"}), cell({"11", "11"}), failed, cell({"11", "11"})}, {0, 0, 2, 2});
  EXPECT_FALSE(coarse.complete());
  EXPECT_EQ(coarse.outcomes[0].message, "a.tif is gone");
  EXPECT_EQ(coarse.outcomes[0].pixels, 14);
}

TEST(Shoalest, TakesThePlanesThatAllFourHave) {
  auto bare = cell({"11", "11"});
  bare->uncertainty = {};
  const FusedCell coarse =
      shoalest_of({cell({"11", "11"}), bare, cell({"11", "11"}), cell({"11", "11"})}, {0, 0, 2, 2});
  EXPECT_TRUE(coarse.uncertainty.empty());
  EXPECT_FALSE(coarse.source.empty());
}

}  // namespace
}  // namespace topobathy
