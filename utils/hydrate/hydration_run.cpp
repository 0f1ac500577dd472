#include "utils/hydrate/hydration_run.h"

#include <utility>

#include "fusion/error.h"
#include "utils/exit_status.h"
#include "utils/hydrate/stop_signals.h"

namespace topobathy {
namespace {

constexpr std::chrono::seconds kSavedEvery{1};

}  // namespace

HydrationRun::HydrationRun(Setup setup, HydrationProgress& progress)
    : setup_(std::move(setup)), job_(setup_.job), progress_(progress) {}

void HydrationRun::save(bool now) {
  const auto at = std::chrono::steady_clock::now();
  if (!now && at < saved_ + kSavedEvery) return;
  saved_ = at;
  try {
    setup_.jobs.write(job_);
  } catch (const Error& error) {
    // Cells are what counts; without a file nobody else sees how far the job is.
    if (now) throw;
  }
}

void HydrationRun::count(const std::string& unit, const UnitResult& result) {
  switch (result.outcome) {
    case UnitResult::Outcome::kCached:
      ++job_.cells.cached;
      break;
    case UnitResult::Outcome::kEmpty:
      ++job_.cells.empty;
      [[fallthrough]];
    case UnitResult::Outcome::kMade:
      ++job_.cells.processed;
      break;
    case UnitResult::Outcome::kFailed:
      ++job_.cells.failed;
      progress_.tell_failure(unit, setup_.where(unit), result);
  }
  if (setup_.each) setup_.each(unit, result);
  progress_.tell(job_);
}

WorkerPool::Order HydrationRun::order() {
  save(false);
  progress_.tell(job_);
  const bool too_many = setup_.max_failures && job_.cells.failed > *setup_.max_failures;
  if (too_many && job_.error.empty())
    job_.error = "more than " + std::to_string(*setup_.max_failures) + " failed (--max-failures)";
  stopped_ = StopSignals::count() > 0;
  if (StopSignals::count() > 1) return WorkerPool::Order::kAbort;
  return stopped_ || too_many ? WorkerPool::Order::kFinish : WorkerPool::Order::kGoOn;
}

/// How it ended.
void HydrationRun::settle() {
  job_.finished_at = job_time();
  const JobCounts& cells = job_.cells;
  if (stopped_ && cells.done() < cells.total) {
    job_.status = JobStatus::kCancelled;
    job_.error = StopSignals::interrupts() > 0 ? "Interrupted: go on with --resume " + job_.id
                                               : "Cancelled by user";
  } else if (!job_.error.empty() || (cells.failed > 0 && cells.failed == cells.total)) {
    job_.status = JobStatus::kFailed;
    if (job_.error.empty()) job_.error = "all failed";
  } else {
    job_.status = JobStatus::kCompleted;
  }
}

int HydrationRun::run() {
  const StopSignals signals;
  job_.status = JobStatus::kRunning;
  job_.process = JobProcess::own();
  save(true);
  progress_.tell(job_);
  try {
    WorkerPool pool(setup_.pool);
    pool.run(
        setup_.next, [this](const auto& unit, const auto& result) { count(unit, result); },
        [this] { return order(); });
  } catch (const Error& error) {
    job_.status = JobStatus::kFailed;
    job_.error = error.what();
    job_.finished_at = job_time();
    save(true);
    throw;
  }
  settle();
  save(true);
  progress_.end(job_);
  if (job_.status == JobStatus::kCancelled) return kExitInterrupted;
  return job_.cells.failed > 0 ? kExitFailure : kExitOk;
}

}  // namespace topobathy
