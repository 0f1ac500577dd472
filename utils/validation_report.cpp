#include "utils/validation_report.h"

#include "utils/json_values.h"
#include "utils/text_table.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;
using Severity = Finding::Severity;

std::string counted(std::size_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

/// "2 errors, 1 warning", or "" when there are none.
std::string problems_text(std::size_t errors, std::size_t warnings) {
  std::string text = errors > 0 ? counted(errors, "error") : "";
  if (warnings > 0) text += (text.empty() ? "" : ", ") + counted(warnings, "warning");
  return text;
}

std::string files_text(const std::optional<SourceReport>& sources) {
  if (!sources) return "not checked";
  if (sources->readable == sources->named) return std::to_string(sources->named);
  return std::to_string(sources->readable) + " of " + std::to_string(sources->named);
}

void print_policy(std::ostream& out, const Policy& policy, const std::optional<GridCheck>& grid) {
  out << "  policy  " << policy.name << ' ' << policy.version << "\n  hash    " << policy.hash
      << '\n';
  if (!grid) return;
  out << "  grid    " << grid->extent.width << " x " << grid->extent.height << " pixels of "
      << shown_number(grid->lattice.pixel_size()) << " in " << one_line(policy.crs)
      << ", overview levels up to " << grid->coarsest_level << '\n';
}

void print_steps(std::ostream& out, const std::vector<StepCheck>& steps) {
  TextTable table({"step", "provider", "operator", "files", "problems"});
  for (const StepCheck& step : steps) {
    const std::string problems = problems_text(count_findings(step.findings, Severity::kError),
                                               count_findings(step.findings, Severity::kWarning));
    table.add({step.name, step.provider, step.blend, files_text(step.sources),
               problems.empty() ? "none" : problems});
  }
  table.print(out, "  ");
}

ordered_json finding_json(const Finding& finding) {
  ordered_json json;
  json["severity"] = finding.severity == Severity::kError ? "error" : "warning";
  json["message"] = finding.message;
  json["file"] = finding.place.file;
  json["line"] = finding.place.line;
  json["column"] = finding.place.column;
  return json;
}

ordered_json findings_json(const std::vector<Finding>& findings) {
  ordered_json list = ordered_json::array();
  for (const Finding& finding : findings)
    list.push_back(finding_json(finding));
  return list;
}

ordered_json grid_json(const Policy& policy, const GridCheck& grid) {
  ordered_json json;
  json["crs"] = policy.crs;
  json["pixel_size"] = grid.lattice.pixel_size();
  json["width"] = grid.extent.width;
  json["height"] = grid.extent.height;
  json["overview_levels"] = grid.coarsest_level;
  return json;
}

ordered_json step_json(const StepCheck& step) {
  ordered_json json;
  json["name"] = step.name;
  json["provider"] = step.provider;
  json["operator"] = step.blend;
  json["files_named"] = step.sources ? ordered_json(step.sources->named) : ordered_json();
  json["files_readable"] = step.sources ? ordered_json(step.sources->readable) : ordered_json();
  json["findings"] = findings_json(step.findings);
  return json;
}

ordered_json check_json(const std::string& path, const PolicyCheck& check) {
  ordered_json json;
  json["file"] = path;
  json["valid"] = check.count(Severity::kError) == 0;
  json["name"] = check.policy ? ordered_json(check.policy->name) : ordered_json();
  json["version"] = check.policy ? ordered_json(check.policy->version) : ordered_json();
  json["hash"] = check.policy ? ordered_json(check.policy->hash) : ordered_json();
  json["grid"] = check.grid ? grid_json(*check.policy, *check.grid) : ordered_json();
  json["findings"] = findings_json(check.findings);
  json["steps"] = ordered_json::array();
  for (const StepCheck& step : check.steps)
    json["steps"].push_back(step_json(step));
  return json;
}

}  // namespace

void print_findings(std::ostream& out, const PolicyCheck& check, bool errors_only) {
  const auto print = [&](Finding finding, const std::string& step) {
    if (errors_only && finding.severity != Severity::kError) return;
    if (!step.empty()) finding.message = "step '" + step + "': " + finding.message;
    out << finding.text() << '\n';
  };
  for (const Finding& finding : check.findings)
    print(finding, "");
  for (const StepCheck& step : check.steps)
    for (const Finding& finding : step.findings)
      print(finding, step.name);
}

void ValidationReport::add(const std::string& path, PolicyCheck check) {
  checks_.emplace_back(path, std::move(check));
}

void ValidationReport::add_unread(const std::string& path, Finding why) {
  PolicyCheck check;
  check.findings.push_back(std::move(why));
  add(path, std::move(check));
}

void ValidationReport::print_text(std::ostream& out) const {
  for (const auto& [path, check] : checks_) {
    const std::size_t errors = check.count(Severity::kError);
    const std::string problems = problems_text(errors, check.count(Severity::kWarning));
    out << path << ": " << (errors == 0 ? "valid" : "not valid")
        << (problems.empty() ? "" : ", " + problems) << '\n';
    if (!check.policy) continue;
    print_policy(out, *check.policy, check.grid);
    if (!check.steps.empty()) print_steps(out, check.steps);
  }
}

void ValidationReport::print_json(std::ostream& out) const {
  ordered_json json;
  json["format"] = kJsonFormat;
  json["policies"] = ordered_json::array();
  for (const auto& [path, check] : checks_)
    json["policies"].push_back(check_json(path, check));
  out << json_text(json) << '\n';
}

}  // namespace topobathy
