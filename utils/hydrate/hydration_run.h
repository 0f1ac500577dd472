#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cache/hydration_jobs.h"
#include "utils/hydrate/hydration_progress.h"
#include "utils/hydrate/worker_pool.h"

namespace topobathy {

/// One hydration in this process: gives units to workers, counts, keeps the job's file, and stops
/// when it is told to (SIGINT, SIGTERM). Memory does not grow with the number of units.
class HydrationRun {
 public:
  struct Setup {
    HydrationJob job;  ///< with what is to be done, and how many units that is
    HydrationJobs jobs;
    WorkerPool::Setup pool;
    WorkerPool::Next next;
    /// Where a unit lies, for people.
    std::function<std::string(const std::string& unit)> where;
    std::optional<std::int64_t> max_failures;
    /// Told each unit and what came of it. May be empty.
    WorkerPool::Sink each;
  };
  HydrationRun(Setup setup, HydrationProgress& progress);

  /// \returns the exit status: 0 all is there, 1 some failed, 130 stopped before the end
  /// \throws Error: workers cannot be started; the job's file says so too
  int run();

 private:
  void count(const std::string& unit, const UnitResult& result);
  WorkerPool::Order order();
  void save(bool now);
  void settle();

  Setup setup_;
  HydrationJob job_;
  HydrationProgress& progress_;
  std::chrono::steady_clock::time_point saved_{};
  bool stopped_ = false;
};

}  // namespace topobathy
