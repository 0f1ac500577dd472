#pragma once

#include <chrono>
#include <string>

#include "cache/hydration_jobs.h"

namespace topobathy {

/// How long a job that is to stop may take: to finish the cells in hand, then to give them up.
struct EndingPatience {
  std::chrono::milliseconds finishing{10'000};
  std::chrono::milliseconds aborting{5'000};
};

/// Stops a job and waits until its process is gone; what it has counted stays. \returns its last
/// state: cancelled, or how it ended before it was told
/// \throws HttpError(404): no such job, HttpError(409): it is another machine's or user's
HydrationJob end_job(const HydrationJobs& jobs, const std::string& id,
                     const EndingPatience& patience);

}  // namespace topobathy
