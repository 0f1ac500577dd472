#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// Index of a step in the policy, bottom-up; what a pixel "belongs to" for transitions.
using StepIndex = std::uint16_t;
constexpr StepIndex kNoStep = 0xFFFF;          ///< no contributor
constexpr StepIndex kBackgroundStep = 0xFFFE;  ///< the policy's background
constexpr std::size_t kMaxSteps = 0xFFF0;

/// A transition with its target resolved to the steps it means.
struct BlendTransition {
  std::vector<bool> targets;  ///< by step index
  Blend blend;
};

/// How a step meets what lies beneath it: its own blend, or the first transition whose target owns
/// the pixel beneath.
struct BlendRule {
  Blend own;
  std::vector<BlendTransition> transitions;

  const Blend& for_beneath(StepIndex beneath) const noexcept {
    for (const auto& transition : transitions)
      if (beneath < transition.targets.size() && transition.targets[beneath])
        return transition.blend;
    return own;
  }
  /// The farthest any blend of this rule looks, metres; 0 = no feather.
  double reach() const noexcept {
    double metres = reach_of(own);
    for (const auto& transition : transitions)
      metres = std::max(metres, reach_of(transition.blend));
    return metres;
  }

 private:
  static double reach_of(const Blend& blend) noexcept {
    return blend.op == Operator::kMetricFeather ? blend.distance : 0.0;
  }
};

/// The upper layer's share where both are valid. \param distance ground metres to the nearest pixel
/// where the layer is invalid
inline float blend_weight(const Blend& blend, float distance) noexcept {
  if (blend.op == Operator::kLinearBlend) return static_cast<float>(blend.weight);
  if (blend.op == Operator::kOverwrite || !(blend.distance > 0)) return 1.0F;
  const float weight = distance / static_cast<float>(blend.distance);
  return weight < 1.0F ? weight : 1.0F;
}

/// True when the layer hides whatever is beneath, whoever owns it.
inline bool hides_all(const BlendRule& rule, float distance) noexcept {
  if (blend_weight(rule.own, distance) < 1.0F) return false;
  for (const auto& transition : rule.transitions)
    if (blend_weight(transition.blend, distance) < 1.0F) return false;
  return true;
}

}  // namespace topobathy
