#include "fusion/explain.h"

#include <cmath>
#include <utility>

#include "fusion/compose/compositor.h"
#include "fusion/compose/layer_reader.h"
#include "fusion/error.h"
#include "fusion/policy/blend_text.h"

namespace topobathy {
namespace {

/// A step's pixel, before it is known what lies beneath.
struct Seen {
  StepIndex step;
  float elevation;
  float uncertainty;
  float distance;
  SourceId source;
};

std::string rule_text(const FusePlan& plan, StepIndex step, StepIndex beneath) {
  const BlendRule& rule = plan.steps[step].rule;
  const Blend& chosen = rule.for_beneath(beneath);
  if (&chosen == &rule.own) return blend_text(chosen);
  return "transition onto " + plan.steps[beneath].name + ": " + blend_text(chosen);
}

/// Reads the steps from the top down until one hides everything beneath. \returns them top-down
std::vector<Seen> look_down(const FusePlan& plan, const Lattice& lattice,
                            const LatticeWindow& pixel, std::vector<StepOutcome>& outcomes) {
  const BandSelection bands;
  LayerReader reader(lattice, pixel, bands, nullptr);
  const BlockMask open(pixel, true);
  std::vector<Seen> seen;
  bool hidden = false;
  for (std::size_t i = plan.steps.size(); i-- > 0;) {
    const PlannedStep& step = plan.steps[i];
    outcomes[i] = {step.name, StepOutcome::Status::kOccluded, 0, {}};
    if (hidden) continue;
    const auto index = static_cast<StepIndex>(i);
    outcomes[i] = reader.read(step, index, plan.ids->assign(step.record), open);
    if (outcomes[i].status == StepOutcome::Status::kFailed && step.on_error == OnError::kFail)
      throw Error(ErrorCode::kUnreadable, "step '" + step.name + "': " + outcomes[i].message, {},
                  step.name);
    if (!reader.has_layer()) continue;
    // One layer alone in a compositor: its pixel with the modelled uncertainty and the step's own
    // source filled in.
    Compositor alone(pixel, true, true);
    alone.put_under(reader.layer());
    alone.resolve(std::nullopt);
    if (std::isnan(alone.elevation().at(0, 0))) continue;
    const float distance = reader.layer().distance ? reader.layer().distance->at(0, 0) : kNoValue;
    seen.push_back({index, alone.elevation().at(0, 0), alone.uncertainty().at(0, 0), distance,
                    alone.source().at(0, 0)});
    hidden = hides_all(step.rule, std::isnan(distance) ? 0.0F : distance);
  }
  return seen;
}

PixelContribution contribution(const FusePlan& plan, const Seen& seen) {
  PixelContribution one;
  one.step = plan.steps[seen.step].name;
  one.provider = plan.steps[seen.step].provider;
  one.source_id = seen.source;
  one.source = plan.ids->find(seen.source).value_or(SourceRecord{});
  one.elevation = static_cast<double>(seen.elevation);
  one.uncertainty = static_cast<double>(seen.uncertainty);
  one.distance = static_cast<double>(seen.distance);
  return one;
}

PixelContribution background_contribution(double value) {
  PixelContribution one;
  one.step = "background";
  one.provider = "background";
  one.source_id = kBackgroundSource;
  one.source = background_record().value();
  one.elevation = value;
  one.uncertainty = std::nan("");
  one.distance = std::nan("");
  one.rule = "background";
  one.weight = 1.0;
  return one;
}

/// Shares of the contributions, which stand bottom-up; the step that dominates so far decides the
/// transition of the next.
void weigh(const FusePlan& plan, const std::vector<Seen>& bottom_up, bool background,
           std::vector<PixelContribution>& parts) {
  StepIndex beneath = background ? kBackgroundStep : kNoStep;
  double dominant = 1.0;
  for (std::size_t k = 0; k < bottom_up.size(); ++k) {
    const Seen& seen = bottom_up[k];
    const bool alone = beneath == kNoStep;
    PixelContribution& upper = parts[k + (background ? 1 : 0)];
    const float distance = std::isnan(seen.distance) ? 0.0F : seen.distance;
    const double w = alone ? 1.0
                           : static_cast<double>(blend_weight(
                                 plan.steps[seen.step].rule.for_beneath(beneath), distance));
    upper.rule = alone ? "alone" : rule_text(plan, seen.step, beneath);
    upper.weight = w;
    for (std::size_t lower = 0; lower < k + (background ? 1 : 0); ++lower)
      parts[lower].weight *= 1.0 - w;
    dominant *= 1.0 - w;
    if (w < dominant) continue;
    dominant = w;
    beneath = seen.step;
  }
}

}  // namespace

PixelExplanation explain(const FusePlan& plan, const Lattice& lattice, std::int64_t col,
                         std::int64_t row) {
  const LatticeWindow pixel{col, row, 1, 1};
  PixelExplanation answer;
  answer.outcomes.resize(plan.steps.size());
  std::vector<Seen> seen = look_down(plan, lattice, pixel, answer.outcomes);
  std::vector<Seen> bottom_up(seen.rbegin(), seen.rend());
  const bool hidden =
      !seen.empty() && hides_all(plan.steps[seen.back().step].rule,
                                 std::isnan(seen.back().distance) ? 0.0F : seen.back().distance);
  const bool background = plan.background.has_value() && !hidden;
  std::vector<PixelContribution> parts;
  if (background) parts.push_back(background_contribution(*plan.background));
  for (const Seen& one : bottom_up)
    parts.push_back(contribution(plan, one));
  weigh(plan, bottom_up, background, parts);
  answer.contributions.assign(parts.rbegin(), parts.rend());

  const FusedCell fused = fuse(plan, lattice, pixel, {}, nullptr);
  answer.elevation = static_cast<double>(fused.elevation.at(0, 0));
  answer.uncertainty = static_cast<double>(fused.uncertainty.at(0, 0));
  answer.source_id = fused.source.at(0, 0);
  return answer;
}

}  // namespace topobathy
