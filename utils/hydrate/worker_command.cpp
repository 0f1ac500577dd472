#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>
#include <string>

#include "cache/hydration_job.h"
#include "fusion/error.h"
#include "providers/open.h"
#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/hydrate/stop_signals.h"
#include "utils/hydrate/unit_result.h"
#include "utils/hydrate/worker_greeting.h"
#include "utils/open_arguments.h"
#include "utils/standard_output.h"
#include "utils/usage_error.h"

namespace topobathy {
namespace {

/// The other end of WorkerPool: reads units from standard input, writes what came of them to
/// standard output. Not for people, so --help does not show it.
class WorkerCommand final : public Command {
 public:
  const char* name() const override { return kWorkerCommand; }
  const char* summary() const override { return "Make cells named on standard input"; }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  std::string policy_;
  std::uint64_t memory_ = 0;
  OpenArguments open_;
};

/// Private memory that can be written counts: an allocation beyond it fails, and with it the cell
/// in hand, instead of the machine.
void limit_memory(std::uint64_t bytes) {
  if (bytes == 0) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, bytes);
  ::setrlimit(RLIMIT_DATA, &limit);
}

void say(const std::string& line) {
  write_standard_output(line + '\n', kExitOk);
}

UnitResult make_cell(FusedRaster& raster, const PlannedCell& planned) {
  const HydratedCell cell = raster.hydrate(planned.level, planned.cell);
  switch (cell.outcome) {
    case HydratedCell::Outcome::kCached:
      return {};
    case HydratedCell::Outcome::kMade:
      return {UnitResult::Outcome::kMade, "", ""};
    case HydratedCell::Outcome::kFailed:
      break;
  }
  return {UnitResult::Outcome::kFailed, cell.step, cell.reason};
}

void WorkerCommand::declare(CLI::App& arguments) {
  arguments.group("");  // hidden
  arguments.add_option("policy", policy_)->required();
  arguments.add_option("--memory", memory_);
  open_.declare(arguments, {"CRS", "RESOLUTION", "ZOOM", "BBOX", "BBOX_CRS", "CACHE_DIR", "OFFLINE",
                            "ENDPOINTS"});
}

int WorkerCommand::run(std::ostream& /*out*/) {
  const StopSignals signals;
  std::signal(SIGINT, SIG_IGN);  // the terminal sends it to all; the parent says what to do
  limit_memory(memory_);
  OpenRequest request = open_.request(policy_);
  request.threads = 1;
  const auto raster = open_policy(request);
  say(worker_greeting(*raster));
  std::string line;
  while (StopSignals::terminations() == 0 && std::getline(std::cin, line)) {
    const auto cell = cell_of_line(line);
    if (!cell) throw Error(ErrorCode::kUsage, "'" + line + "' names no cell");
    try {
      say(result_line(make_cell(*raster, *cell)));
    } catch (const std::bad_alloc&) {
      // What else lacks memory now is not known: the next cell is for a new process.
      say(result_line({UnitResult::Outcome::kFailed, "", out_of_memory_reason(memory_)}));
      return kExitOk;
    }
  }
  return kExitOk;
}

}  // namespace

std::unique_ptr<Command> make_worker_command() {
  return std::make_unique<WorkerCommand>();
}

}  // namespace topobathy
