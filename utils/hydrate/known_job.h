#pragma once

#include <string>
#include <vector>

#include "cache/hydration_jobs.h"

namespace topobathy {

/// The jobs of a cache; of one in an object store they are in its local folder.
HydrationJobs jobs_of(const std::string& cache_root);
/// A job that nobody has begun.
HydrationJob new_job();
/// \throws Error(kNotFound)
HydrationJob known_job(const HydrationJobs& jobs, const std::string& id);
/// A job that has ended and was begun by the verb `kind` ("fuse"), ready to be gone on with.
/// \throws Error
HydrationJob resumable_job(const HydrationJobs& jobs, const std::string& id,
                           const std::string& kind);
/// The arguments it was begun with. \throws Error(kUsage): its file does not say
std::vector<std::string> saved_words(const HydrationJob& job);
/// Removes what has been over for a day.
void prune_old(const HydrationJobs& jobs);

}  // namespace topobathy
