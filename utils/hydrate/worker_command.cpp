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
#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/hydrate/stop_signals.h"
#include "utils/hydrate/unit_maker.h"
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
  const char* summary() const override { return "Make cells or tiles named on standard input"; }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  std::string policy_;
  std::string kind_ = kCellsKind;
  std::uint64_t memory_ = 0;
  TileRequest tile_;
  OpenArguments open_;
};

/// Private memory that can be written counts: an allocation beyond it fails, and with it the cell
/// in hand, instead of the machine.
void limit_memory(std::uint64_t bytes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  bytes = 0;  // a sanitizer reserves terabytes that it does not use
#endif
  if (bytes == 0) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, bytes);
  ::setrlimit(RLIMIT_DATA, &limit);
}

void say(const std::string& line) {
  write_standard_output(line + '\n', kExitOk);
}

void WorkerCommand::declare(CLI::App& arguments) {
  arguments.group("");  // hidden
  arguments.add_option("policy", policy_)->required();
  arguments.add_option("--memory", memory_);
  arguments.add_option("--kind", kind_)->check(CLI::IsMember({kCellsKind, kTilesKind}));
  arguments.add_option("--tile-size", tile_.tile_size);
  arguments.add_option("--vmin", tile_.vmin);
  arguments.add_option("--vmax", tile_.vmax);
  open_.declare(arguments, {"CRS", "RESOLUTION", "ZOOM", "BBOX", "BBOX_CRS", "CACHE_DIR", "OFFLINE",
                            "ENDPOINTS"});
}

int WorkerCommand::run(std::ostream& /*out*/) {
  const StopSignals signals;
  std::signal(SIGINT, SIG_IGN);  // the terminal sends it to all; the parent says what to do
  limit_memory(memory_);
  OpenRequest request = open_.request(policy_);
  request.threads = 1;
  const auto maker =
      kind_ == kTilesKind ? make_tile_worker(request, tile_) : make_cell_worker(request);
  say(maker->greeting());
  std::string line;
  while (StopSignals::terminations() == 0 && std::getline(std::cin, line)) {
    try {
      say(result_line(maker->make(line)));
    } catch (const std::bad_alloc&) {
      // What else lacks memory now is not known: the next unit is for a new process.
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
