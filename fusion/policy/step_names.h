#pragma once

#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// Gives unnamed steps their names (provider, provider#2, ...) and refuses names that are taken or
/// belong to another provider. \throws Error(kPolicy)
void name_steps(std::vector<Step>& steps);

/// Turns every transition target into a canonical provider name or a step name, and refuses targets
/// that are not below. \pre name_steps() was called  \throws Error(kPolicy)
void resolve_targets(std::vector<Step>& steps);

/// Whether a resolved transition means the layer of `beneath`. Both comparisons hold at once only
/// for a step that bears its own provider's name, so nothing else can be meant.
inline bool is_target(const Transition& transition, const Step& beneath) {
  return transition.target == beneath.provider || transition.target == beneath.name;
}

}  // namespace topobathy
