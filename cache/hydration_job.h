#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace topobathy {

enum class JobStatus { kPending, kRunning, kCompleted, kFailed, kCancelled };

const char* to_text(JobStatus status) noexcept;
/// Whether there is nothing more to come.
bool has_ended(JobStatus status) noexcept;

struct JobCounts {
  std::int64_t total = 0;
  std::int64_t processed = 0;  ///< made
  std::int64_t cached = 0;     ///< there already
  std::int64_t failed = 0;
  std::int64_t empty = 0;  ///< of the processed: have no content, so that there is no file

  std::int64_t done() const noexcept { return processed + cached + failed; }
};

/// The process that a job runs in: by its number, its start and its machine, as numbers come again.
struct JobProcess {
  std::int64_t pid = 0;
  std::uint64_t start_ticks = 0;  ///< since the machine started
  std::string machine;            ///< machine and boot; "" = not known

  static JobProcess own();
  /// Why it is certain that the process is not there any more; "" = it is, or nobody here can tell.
  std::string why_gone() const;
};

/// The state of a hydration, as its file says it (docs/cache.md).
struct HydrationJob {
  std::string id;  ///< a UUID
  JobStatus status = JobStatus::kPending;
  std::vector<double> bbox;  ///< west, south, east, north, degrees
  double resolution = 0.0;   ///< metres
  std::optional<int> zoom;
  std::string submitted_at, finished_at;  ///< UTC, ISO 8601; "" = not yet
  std::optional<JobProcess> process;
  JobCounts cells;
  std::string error;
  std::string failure_reason;  ///< "worker_died", else ""
  std::string request = "{}";  ///< JSON: all that a resumed run needs

  bool has_ended() const noexcept { return topobathy::has_ended(status); }
};

/// A new job's id: a random UUID (version 4).
std::string new_job_id();
/// Whether it is an id of a job, and so safe to be part of a path.
bool is_job_id(const std::string& text) noexcept;
/// Now as jobs state it, UTC: "2026-11-28T02:00:00+00:00".
std::string job_time();
/// Seconds since 1970 of a time as job_time() states it; 0 where the text is none.
std::int64_t job_seconds(const std::string& text);
/// Why the job's process cannot say any more how the job ended; "" = it may, or has. Of a job that
/// waits for its process: that none has taken it for a minute.
std::string why_dead(const HydrationJob& job);
/// The job has failed because its process is gone.
void mark_dead(HydrationJob& job, const std::string& why);

std::string to_json_text(const HydrationJob& job);
/// Nothing where the text is no job.
std::optional<HydrationJob> job_from_json_text(const std::string& text);

}  // namespace topobathy
