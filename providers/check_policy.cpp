#include "providers/check_policy.h"

#include <algorithm>
#include <utility>

#include "fusion/error.h"
#include "fusion/policy/blend_text.h"
#include "fusion/policy/load.h"
#include "providers/align/crs.h"
#include "providers/align/proj_crs.h"
#include "providers/archive/archive_access.h"
#include "providers/datum/height_names.h"
#include "providers/datum/height_shift.h"
#include "providers/open.h"
#include "providers/plan.h"
#include "providers/policy_file.h"

namespace topobathy {
namespace {

using Findings = std::vector<Finding>;

/// Runs a check; its error becomes a finding. \returns false then
template <class Check>
bool try_check(Findings& findings, const Place& place, const Check& check) {
  try {
    check();
    return true;
  } catch (const Error& error) {
    findings.push_back(finding_of(error, place));
    return false;
  }
}

void warn(Findings& findings, const Place& place, const std::string& message) {
  findings.push_back({Finding::Severity::kWarning, message, place});
}

bool is_blend_opaque(const Blend& blend) noexcept {
  return blend.op != Operator::kLinearBlend || blend.weight >= 1.0;
}

/// Hides all beneath it, everywhere: its background is valid where its sources are not.
bool covers_all(const Step& step) {
  return step.background && !step.zone && is_blend_opaque(step.blend) &&
         std::all_of(step.transitions.begin(), step.transitions.end(),
                     [](const Transition& t) { return is_blend_opaque(t.blend); });
}

bool may_reach(LayerSource& source, const GridCheck& grid) {
  try {
    return source.may_cover(grid.lattice, grid.extent);
  } catch (const Error&) {
    return true;  // its files cannot be listed: told already
  }
}

class PolicyChecker {
 public:
  PolicyChecker(Policy policy, bool files) : policy_(std::move(policy)), files_(files) {}

  PolicyCheck run() {
    check_crs();
    for (std::size_t i = 0; i < policy_.steps.size(); ++i) {
      const Step& step = policy_.steps[i];
      check_.steps.push_back({step.name, step.provider, blend_text(step.blend), {}, {}});
      check_step_crs(step, check_.steps[i].findings);
    }
    check_hidden();
    if (crs_known_) make_steps();
    if (plan_ && files_) check_sources();
    open();
    if (plan_ && check_.grid) check_reach();
    check_.policy = std::move(policy_);
    return std::move(check_);
  }

 private:
  void check_crs() {
    crs_known_ = try_check(check_.findings, policy_.crs_place, [&] { crs_traits(policy_.crs); });
    if (!crs_known_ || !policy_.vertical_crs) return;
    vertical_known_ = try_check(check_.findings, policy_.vertical_crs_place, [&] {
      crs_wkt(policy_.crs, heights_crs(*policy_.vertical_crs, policy_.crs));
    });
  }

  void check_step_crs(const Step& step, Findings& findings) const {
    if (!step.files.crs.empty())
      try_check(findings, step.crs_place, [&] { crs_traits(step.files.crs); });
    if (!step.vertical_crs) return;
    const bool known = try_check(findings, step.vertical_crs_place,
                                 [&] { canonical_heights(*step.vertical_crs); });
    if (!known) return;
    if (!policy_.vertical_crs)
      warn(findings, step.vertical_crs_place,
           "heights stay in " + quoted_crs(*step.vertical_crs) +
               ": the policy states no vertical_crs to bring them to");
    else if (vertical_known_)
      check_shift(step, findings);
  }

  /// Grids that PROJ may read over the network count as there.
  void check_shift(const Step& step, Findings& findings) const {
    Findings found;
    try_check(found, step.vertical_crs_place, [&] {
      HeightShift::between(policy_.crs, *step.vertical_crs, *policy_.vertical_crs,
                           shift_options(false), policy_.extent);
    });
    for (Finding& finding : found) {
      if (step.assume_heights) finding.severity = Finding::Severity::kWarning;
      findings.push_back(std::move(finding));
    }
  }

  void check_hidden() {
    for (std::size_t i = policy_.steps.size(); i-- > 1;) {
      if (!covers_all(policy_.steps[i])) continue;
      for (std::size_t below = 0; below < i; ++below)
        warn(check_.steps[below].findings, policy_.steps[below].place,
             "can never be seen: step '" + policy_.steps[i].name +
                 "' above it has a background and so covers it everywhere");
      return;
    }
  }

  void make_steps() {
    try_check(check_.findings, policy_.crs_place, [&] {
      lattice_.emplace(make_lattice(policy_));
      // Archives are not asked: what they have changes, and this is about the policy.
      ArchiveAccess::Setup nothing;
      nothing.mode = CacheMode::kOff;
      nothing.offline = true;
      SourceAccess access;
      access.archives = std::make_shared<ArchiveAccess>(std::move(nothing));
      plan_ = make_plan(policy_, *lattice_, std::make_shared<MemorySourceIds>(), access);
    });
  }

  void check_sources() {
    for (std::size_t i = 0; i < policy_.steps.size(); ++i) {
      const Step& step = policy_.steps[i];
      SourceReport report = plan_->steps[i].source->report(*lattice_);
      for (Finding& finding : report.findings) {
        if (finding.place.text().empty())
          finding.place = step.files_place.text().empty() ? step.place : step.files_place;
        // The policy says that such a source may be missing.
        if (step.on_error == OnError::kSkip) finding.severity = Finding::Severity::kWarning;
        check_.steps[i].findings.push_back(finding);
      }
      check_.steps[i].sources = std::move(report);
    }
  }

  /// Opens the policy as the driver does, where that cannot fail for a reason already told: with an
  /// extent no source is looked at.
  void open() {
    const std::size_t told = policy_.extent
                                 ? count_findings(check_.findings, Finding::Severity::kError)
                                 : check_.count(Finding::Severity::kError);
    if (!plan_ || told > 0 || (!policy_.extent && !files_)) return;
    try_check(check_.findings, policy_.extent_place, [&] {
      OpenRequest request;
      request.policy_path = policy_.file;
      request.cache = CacheMode::kOff;
      const auto raster = open_policy(request);
      check_.grid = GridCheck{raster->lattice(), raster->extent(), raster->coarsest_level()};
    });
  }

  /// Steps that do not reach the extent.
  void check_reach() {
    for (std::size_t i = 0; i < policy_.steps.size(); ++i) {
      const PlannedStep& planned = plan_->steps[i];
      const GridCheck& grid = *check_.grid;
      Findings& findings = check_.steps[i].findings;
      if (planned.zone &&
          planned.zone->classify(grid.lattice, grid.extent) == ZoneMask::Cover::kOutside)
        warn(findings, policy_.steps[i].place,
             "can never be seen: its zone lies outside the extent");
      else if (files_ && !planned.background && !may_reach(*planned.source, grid))
        warn(findings, policy_.steps[i].place,
             "can never be seen: none of its sources meets the extent");
    }
  }

  Policy policy_;
  const bool files_;
  PolicyCheck check_;
  bool crs_known_ = false;
  bool vertical_known_ = false;
  std::optional<Lattice> lattice_;
  std::shared_ptr<const FusePlan> plan_;
};

}  // namespace

std::size_t PolicyCheck::count(Finding::Severity severity) const {
  std::size_t sum = count_findings(findings, severity);
  for (const StepCheck& step : steps)
    sum += count_findings(step.findings, severity);
  return sum;
}

PolicyCheck check_policy(const std::string& path, bool files) {
  const PolicyText text = read_policy_text(path);
  std::optional<Policy> policy;
  PolicyCheck failed;
  if (!try_check(failed.findings, {path, 0, 0},
                 [&] { policy = load_policy(text.text, text.file, text.directory); }))
    return failed;
  return PolicyChecker(*std::move(policy), files).run();
}

}  // namespace topobathy
