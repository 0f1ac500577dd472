#include "fusion/policy/step_names.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "fusion/policy/messages.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/provider_table.h"

namespace topobathy {
namespace {

std::string free_name(const std::string& provider, int& next,
                      const std::map<std::string, int>& taken) {
  for (;;) {
    const std::string name = next == 1 ? provider : provider + "#" + std::to_string(next);
    ++next;
    if (taken.count(name) == 0) return name;
  }
}

/// What a transition may name: providers and step names of the steps below, sorted.
using Targets = std::set<std::string>;

[[noreturn]] void fail_target(const std::vector<Step>& steps, const Transition& transition,
                              const Targets& below) {
  const std::string target = shown(transition.target);
  const bool is_known = canonical_provider(transition.target) ||
                        std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
                          return step.name == transition.target;
                        });
  if (is_known) fail(transition.place, Message::kTargetNotBelow, {target});
  const std::vector<std::string> names(below.begin(), below.end());
  const std::string near = nearest_name(transition.target, names);
  if (!near.empty()) fail(transition.place, Message::kTargetNear, {target, near});
  fail(transition.place, Message::kTargetUnknown, {target, names.empty() ? "none" : listed(names)});
}

}  // namespace

void name_steps(std::vector<Step>& steps) {
  std::map<std::string, int> taken;  // name -> line
  for (const Step& step : steps) {
    if (step.name.empty()) continue;
    const auto provider = canonical_provider(step.name);
    if (provider && *provider != step.provider) {
      fail(step.place, Message::kStepNameIsProvider, {shown(step.name)});
    }
    const auto [other, is_new] = taken.emplace(step.name, step.place.line);
    if (!is_new) {
      fail(step.place, Message::kStepNameTaken, {shown(step.name), std::to_string(other->second)});
    }
  }
  std::map<std::string, int> next;  // provider -> number of its next unnamed step
  for (Step& step : steps) {
    if (!step.name.empty()) continue;
    step.name = free_name(step.provider, next.emplace(step.provider, 1).first->second, taken);
  }
}

void resolve_targets(std::vector<Step>& steps) {
  Targets below;
  for (Step& step : steps) {
    for (Transition& transition : step.transitions) {
      std::string target = canonical_provider(transition.target).value_or(transition.target);
      if (below.count(target) == 0) fail_target(steps, transition, below);
      transition.target = std::move(target);
    }
    below.insert(step.provider);
    below.insert(step.name);
  }
}

}  // namespace topobathy
