#include <algorithm>
#include <iostream>
#include <string>

#include "fusion/error.h"
#include "fusion/finding.h"
#include "utils/analysis_report.h"
#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/level_argument.h"
#include "utils/open_arguments.h"

namespace topobathy {
namespace {

using State = LayerInventory::State;

class AnalyzeCommand final : public Command {
 public:
  const char* name() const override { return "analyze"; }
  const char* summary() const override {
    return "Say what reading a box would take: files, sizes, what is cached already";
  }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  std::string policy_;
  int level_ = 0;
  bool json_ = false;
  bool summary_ = false;
  bool all_ = false;
  OpenArguments open_;
};

/// What a step could not tell, one line each. \returns the status that says so
int report_step(const Step& step, const LayerInventory& inventory) {
  const bool offline = inventory.state == State::kOffline;
  for (const std::string& message : inventory.messages)
    std::cerr << Finding{Finding::Severity::kError,
                         "step '" + step.name + "': " + (offline ? "not known offline: " : "") +
                             message,
                         step.place}
                     .text()
              << '\n';
  if (inventory.state == State::kFailed) return kExitFailure;
  return offline ? kExitPartly : kExitOk;
}

/// Failures count for more than what is only not known yet.
int report_steps(const Analysis& analysis) {
  bool failed = false, partly = false;
  const auto& steps = analysis.inventory.steps;
  for (std::size_t i = steps.size(); i-- > 0;) {
    const int status = report_step(analysis.raster->policy().steps[i], steps[i]);
    failed |= status == kExitFailure;
    partly |= status == kExitPartly;
  }
  if (failed) return kExitFailure;
  return partly ? kExitPartly : kExitOk;
}

void AnalyzeCommand::declare(CLI::App& arguments) {
  arguments.add_option("policy", policy_, "Policy file")->required()->type_name("FILE");
  open_.declare_argument(arguments, "BBOX", "bbox",
                         "Box as west,south,east,north in BBOX_CRS; default: the policy's extent");
  arguments.add_option("--level", level_, "Overview level: pixels are 2^N times as large")
      ->type_name("N");
  arguments.add_flag("--json", json_, "Answer as JSON (docs/program.md)");
  arguments.add_flag("--summary", summary_, "Sums only: no list of files");
  arguments.add_flag("--all", all_, "Every file, however many a step has");
  open_.declare(arguments, {"CRS", "RESOLUTION", "ZOOM", "BBOX_CRS", "CACHE", "CACHE_DIR",
                            "OFFLINE", "ENDPOINTS"});
}

int AnalyzeCommand::run(std::ostream& out) {
  if (summary_ && all_)
    throw Error(ErrorCode::kUsage, "--all and --summary exclude each other; give one");
  const OpenRequest request = open_.request(policy_);
  auto raster = open_for_analysis(request);
  require_level(*raster, level_);
  const Analysis analysis = analyze(std::move(raster), level_, request);
  const Detail detail = summary_ ? Detail::kSums : all_ ? Detail::kEvery : Detail::kSome;
  if (json_)
    print_json(out, analysis, detail);
  else
    print_text(out, analysis, detail);
  return report_steps(analysis);
}

}  // namespace

std::unique_ptr<Command> make_analyze_command() {
  return std::make_unique<AnalyzeCommand>();
}

}  // namespace topobathy
