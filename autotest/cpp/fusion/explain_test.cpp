#include "fusion/explain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "analytic_layer.h"
#include "refusal.h"

namespace topobathy {
namespace {

using namespace testing_support;  // analytic layers are this file's vocabulary

TEST(Explain, TellsRuleAndShareOfEachContributorTopFirst) {
  PlanBuilder plan;
  plan.add("sea", constant(0));
  plan.add("survey", constant(16), linear(0.25));
  plan.add("lidar", constant(8), feather(40)).source =
      std::make_shared<AnalyticLayer>([](const Lattice&, std::int64_t col, std::int64_t) {
        return Sample{col >= 0 ? 8.0F : kNoValue, kNoValue, kNoSource};
      });
  plan.transition(0, feather(20));
  const PixelExplanation why = explain(plan.plan(), metres(), 0, 0);
  ASSERT_EQ(why.contributions.size(), 3U);
  EXPECT_EQ(why.contributions[0].step, "lidar");
  EXPECT_EQ(why.contributions[0].rule, "transition onto sea: metric_feather 20 m");
  EXPECT_EQ(why.contributions[0].distance, 10.0);
  EXPECT_EQ(why.contributions[0].weight, 0.5);
  EXPECT_EQ(why.contributions[1].rule, "linear_blend 0.25");
  EXPECT_EQ(why.contributions[1].weight, 0.125);
  EXPECT_EQ(why.contributions[2].rule, "alone");
  EXPECT_EQ(why.contributions[2].weight, 0.375);
  EXPECT_EQ(why.elevation, 8 * 0.5 + 16 * 0.125);
  EXPECT_EQ(why.source_id, plan.id_of(2));
}

TEST(Explain, WhatIsHiddenIsNotReadAndNotTold) {
  PlanBuilder plan;
  plan.plan().background = -1;
  plan.add("sea", constant(0));
  plan.add("top", constant(5));
  const PixelExplanation why = explain(plan.plan(), metres(), 3, 4);
  ASSERT_EQ(why.contributions.size(), 1U);
  EXPECT_EQ(why.contributions[0].step, "top");
  EXPECT_EQ(plan.layer(0).reads(), 0);
  EXPECT_EQ(why.outcomes[0].status, StepOutcome::Status::kOccluded);
}

TEST(Explain, NamesTheBackground) {
  PlanBuilder plan;
  plan.plan().background = -7;
  plan.add("top", constant(5), linear(0.25));
  const PixelExplanation why = explain(plan.plan(), metres(), 0, 0);
  ASSERT_EQ(why.contributions.size(), 2U);
  EXPECT_EQ(why.contributions[1].step, "background");
  EXPECT_EQ(why.contributions[1].weight, 0.75);
  EXPECT_EQ(why.source_id, kBackgroundSource);
}

TEST(Explain, APixelWithoutDataHasNoContributor) {
  PlanBuilder plan;
  plan.add("none", constant(kNoValue));
  const PixelExplanation why = explain(plan.plan(), metres(), 0, 0);
  EXPECT_TRUE(why.contributions.empty());
  EXPECT_TRUE(std::isnan(why.elevation));
  EXPECT_EQ(why.source_id, kNoSource);
}

TEST(Explain, AFailingStepFailsIt) {
  PlanBuilder plan;
  plan.add("base", constant(1));
  plan.add("survey", constant(2), linear(0.5));
  plan.layer(1).fail_with("a.tif is gone");
  EXPECT_EQ(refusal(ErrorCode::kUnreadable, [&] { explain(plan.plan(), metres(), 0, 0); }),
            "step 'survey': a.tif is gone");
  plan.plan().steps[1].on_error = OnError::kSkip;
  const PixelExplanation why = explain(plan.plan(), metres(), 0, 0);
  EXPECT_EQ(why.elevation, 1.0);
  EXPECT_EQ(why.outcomes[1].message, "a.tif is gone");
}

/// The shares that are told make the value that is read.
TEST(Explain, SharesAddUpToTheFusedPixel) {
  std::mt19937 random(11);
  const auto pick = [&](int count) {
    return std::uniform_int_distribution<int>(0, count - 1)(random);
  };
  for (int round = 0; round < 200; ++round) {
    PlanBuilder plan;
    if (pick(2)) plan.plan().background = -50;
    const int steps = 1 + pick(5);
    for (int k = 0; k < steps; ++k) {
      const int salt = pick(1000);
      plan.add(
          "step" + std::to_string(k),
          [=](const Lattice&, std::int64_t col, std::int64_t row) {
            const auto hash = static_cast<std::uint32_t>(col * 31 + row * 17 + salt) * 2654435761U;
            return Sample{hash % 5 == 0 ? kNoValue : static_cast<float>(hash >> 20) / 16,
                          hash % 3 == 0 ? kNoValue : 1.0F, kNoSource};
          },
          pick(2) ? feather(10.0 * pick(5)) : linear(0.25 * pick(5)));
      if (k > 0 && pick(2)) plan.transition(static_cast<std::size_t>(pick(k)), linear(0.5));
    }
    const std::int64_t col = pick(100) - 50, row = pick(100) - 50;
    const PixelExplanation why = explain(plan.plan(), metres(), col, row);
    const FusedCell cell = fuse(plan.plan(), metres(), {col, row, 1, 1}, {}, nullptr);
    double sum = 0, weights = 0;
    const PixelContribution* largest = nullptr;
    for (const PixelContribution& part : why.contributions) {
      sum += part.weight * part.elevation;
      weights += part.weight;
      if (!largest || part.weight > largest->weight) largest = &part;
    }
    EXPECT_EQ(why.source_id, cell.source.at(0, 0));
    if (std::isnan(cell.elevation.at(0, 0))) {
      EXPECT_TRUE(why.contributions.empty());
      continue;
    }
    EXPECT_NEAR(sum, cell.elevation.at(0, 0), 1e-3) << round;
    EXPECT_NEAR(weights, 1.0, 1e-6) << round;
    EXPECT_EQ(largest->source_id, why.source_id) << round;
  }
}

}  // namespace
}  // namespace topobathy
