#include "utils/serve/policy/fusing_reach.h"

#include <algorithm>

#include "fusion/policy/messages.h"

namespace topobathy {
namespace {

/// Pixels beyond a cell on each side. A layer of a cell of 512 is then 4608 x 4608: 64 MB a plane.
constexpr double kMostReachPixels = 2048;

double reach_of_blend(const Blend& blend) noexcept {
  return blend.op == Operator::kMetricFeather ? blend.distance : 0.0;
}

}  // namespace

double fusing_reach(const Policy& policy) noexcept {
  double reach = 0.0;
  for (const Step& step : policy.steps) {
    double blend = reach_of_blend(step.blend);
    for (const Transition& transition : step.transitions)
      blend = std::max(blend, reach_of_blend(transition.blend));
    reach = std::max(reach, blend + step.filter.max_interpolation_gap.value_or(0.0));
  }
  return reach;
}

std::string why_too_far(const Policy& policy, double resolution) {
  const double reach = fusing_reach(policy);
  if (reach <= kMostReachPixels * resolution) return "";
  return "the policy blends and fills over " + shown(reach) + " m, too far for pixels of " +
         shown(resolution) + " m: at most " + shown(kMostReachPixels * resolution) +
         " m, or pixels of at least " + shown(reach / kMostReachPixels) + " m";
}

}  // namespace topobathy
