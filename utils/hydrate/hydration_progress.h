#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "cache/hydration_job.h"
#include "utils/hydrate/unit_result.h"

namespace topobathy {

/// What a hydration tells while it runs.
class HydrationProgress {
 public:
  virtual ~HydrationProgress() = default;

  /// Counters have changed; called as often as they do.
  virtual void tell(const HydrationJob& job) = 0;
  /// A unit that failed. `where` says it for people.
  virtual void tell_failure(const std::string& unit, const std::string& where,
                            const UnitResult& result) = 0;
  /// The job has ended.
  virtual void end(const HydrationJob& job) = 0;
};

enum class ProgressKind {
  kBar,    ///< one line of a terminal, on standard error
  kLines,  ///< a line on standard error every ten seconds
  kJson,   ///< the job's state as a line of JSON on standard output
  kNone    ///< failures and the end only
};

/// For `kind`; units are called `units` ("cells").
std::unique_ptr<HydrationProgress> make_progress(ProgressKind kind, const std::string& units);

/// How fast a job goes, and how long it still takes.
class Pace {
 public:
  /// Units a second since the first call.
  double rate(const JobCounts& counts);
  /// Seconds left at that pace; negative = not known.
  double seconds_left(const JobCounts& counts);

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace topobathy
