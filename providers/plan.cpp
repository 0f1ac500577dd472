#include "providers/plan.h"

#include <algorithm>
#include <utility>

#include "fusion/error.h"
#include "fusion/policy/provider_table.h"
#include "providers/align/crs.h"
#include "providers/align/lattice_rings.h"
#include "providers/align/transformer.h"
#include "providers/archive/archive_access.h"
#include "providers/registry.h"

namespace topobathy {
namespace {

constexpr double kDefaultResolution = 30.0;  ///< metres

/// The steps below `step` that a transition's target means: the step of that name, or every step of
/// that provider.
std::vector<bool> targets_of(const Policy& policy, std::size_t step, const Transition& transition) {
  std::vector<bool> targets(policy.steps.size());
  const auto by_name =
      std::find_if(policy.steps.begin(), policy.steps.begin() + static_cast<std::ptrdiff_t>(step),
                   [&](const Step& s) { return s.name == transition.target; });
  if (by_name != policy.steps.begin() + static_cast<std::ptrdiff_t>(step))
    targets[static_cast<std::size_t>(by_name - policy.steps.begin())] = true;
  const auto provider = canonical_provider(transition.target);
  for (std::size_t below = 0; below < step; ++below)
    if (provider && policy.steps[below].provider == *provider) targets[below] = true;
  return targets;
}

BlendRule rule_of(const Policy& policy, std::size_t number) {
  BlendRule rule{policy.steps[number].blend, {}};
  for (const Transition& transition : policy.steps[number].transitions)
    rule.transitions.push_back({targets_of(policy, number, transition), transition.blend});
  return rule;
}

std::vector<LonLat> corners_of(const Zone& zone) {
  if (!zone.bbox) return zone.polygon;
  const LonLatBox& b = *zone.bbox;
  const double east = b.east < b.west ? b.east + 360.0 : b.east;
  return {{b.west, b.south}, {east, b.south}, {east, b.north}, {b.west, b.north}};
}

std::shared_ptr<const ZoneMask> zone_of(const Step& step, const Lattice& lattice) {
  if (!step.zone) return nullptr;
  const auto rings = lattice_rings(corners_of(*step.zone), lattice);
  if (rings.empty())
    throw Error(
        ErrorCode::kPolicy,
        "step '" + step.name + "': its zone reaches where " + lattice.crs() + " has no coordinates",
        step.place);
  return std::make_shared<const ZoneMask>(rings);
}

/// Keyed by the policy's hash and the step's place in it: a step's name may change without changing
/// what it is.
SourceRecord step_record(const Policy& policy, std::size_t number) {
  const Step& step = policy.steps[number];
  SourceRecord record;
  record.provider = step.provider;
  record.key = "step:" + policy.hash + ":" + std::to_string(number);
  record.whole_step = true;
  record.survey_id = step.name;
  record.vertical_datum = step.vertical_crs.value_or("");
  return record;
}

}  // namespace

Lattice make_lattice(const Policy& policy) {
  const CrsTraits traits = crs_traits(policy.crs);
  if (policy.zoom) return Lattice::from_zoom(policy.crs, traits, *policy.zoom);
  return Lattice::from_resolution(policy.crs, traits,
                                  policy.resolution.value_or(kDefaultResolution));
}

std::shared_ptr<const FusePlan> make_plan(const Policy& policy, const Lattice& lattice,
                                          std::shared_ptr<SourceIds> ids,
                                          const SourceAccess& access) {
  if (policy.steps.size() > kMaxSteps)
    throw Error(ErrorCode::kPolicy, "a policy has at most " + std::to_string(kMaxSteps) + " steps",
                {policy.file, 0, 0});
  auto plan = std::make_shared<FusePlan>();
  plan->background = policy.background;
  plan->ids = ids;
  for (std::size_t i = 0; i < policy.steps.size(); ++i) {
    const Step& step = policy.steps[i];
    PlannedStep planned;
    planned.name = step.name;
    planned.provider = step.provider;
    planned.rule = rule_of(policy, i);
    planned.zone = zone_of(step, lattice);
    if (step.background) planned.background = static_cast<float>(*step.background);
    planned.uncertainty = step.uncertainty.value_or(UncertaintyModel{});
    planned.despike = step.filter.max_deviation.value_or(0) > 0
                          ? *step.filter.max_deviation
                          : step.filter.max_depth_change.value_or(0);
    planned.gap = step.filter.max_interpolation_gap.value_or(0);
    planned.on_error = step.on_error;
    planned.record = step_record(policy, i);
    planned.source = make_layer(
        {step,
         policy.directory,
         ids,
         access,
         {policy.vertical_crs.value_or(""), lattice.crs(),
          access.archives ? shift_options(access.offline, access.archives->setup().endpoints)
                          : shift_options(access.offline)}});
    plan->steps.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace topobathy
