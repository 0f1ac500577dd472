#pragma once

#include <optional>
#include <string>

#include "cache/hydration_jobs.h"

namespace topobathy {

/// Becomes the process of a job that somebody else has written down as pending: a process of its
/// own session that outlives who started it and gives way to others (niceness 5). SIGINT and
/// SIGTERM are held back until StopSignals take them: one that comes early is not lost.
/// \returns the job, in that process; nothing in the one that called, which then ends: the job's
/// file names its process by now. \pre no other thread
/// \throws Error: there is no such job, it has been begun or cancelled, its file cannot be written
std::optional<HydrationJob> detach_as_job(const HydrationJobs& jobs, const std::string& id);

/// Writes why a job could not be done, unless it has said itself how it ended.
void mark_failed(const HydrationJobs& jobs, const std::string& id, const std::string& why) noexcept;

}  // namespace topobathy
