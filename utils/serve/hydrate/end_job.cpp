#include "utils/serve/hydrate/end_job.h"

#include <cerrno>
#include <csignal>
#include <optional>
#include <thread>

#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

using std::chrono::milliseconds;

constexpr int kNoSuchJob = 404, kNotMine = 409, kWillNotEnd = 500;
constexpr milliseconds kLookEvery{20};
constexpr milliseconds kKilling{5'000};

HydrationJob required_job(const HydrationJobs& jobs, const std::string& id) {
  auto job = jobs.read(id);
  if (!job) throw HttpError(kNoSuchJob, "Job not found");
  return *std::move(job);
}

bool is_gone_within(const JobProcess& process, milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (process.why_gone().empty()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kLookEvery);
  }
  return true;
}

void signal_process(const JobProcess& process, int number, const std::string& id) {
  if (!process.why_gone().empty()) return;  // its number may be another's
  if (::kill(static_cast<pid_t>(process.pid), number) != 0 && errno == EPERM)
    throw HttpError(kNotMine, "job " + id + " belongs to another user: cancel it as that user");
}

/// The first signal lets workers finish what is in their hands, the second does not.
void end_process(const JobProcess& process, const std::string& id, const EndingPatience& patience) {
  struct Blow {
    int signal;
    milliseconds patience;
  };
  for (const Blow& blow : {Blow{SIGTERM, patience.finishing}, Blow{SIGTERM, patience.aborting},
                           Blow{SIGKILL, kKilling}}) {
    signal_process(process, blow.signal, id);
    if (is_gone_within(process, blow.patience)) return;
  }
  throw HttpError(kWillNotEnd, "job " + id + " does not end: its disk may hang");
}

/// What a process that was killed could not write any more.
HydrationJob settled_job(const HydrationJobs& jobs, const std::string& id) {
  HydrationJob job = required_job(jobs, id);
  const bool is_silent = !job.has_ended() || job.failure_reason == "worker_died";
  if (!is_silent) return job;
  job.status = JobStatus::kCancelled;
  job.error = "Cancelled by user";
  job.failure_reason.clear();
  job.finished_at = job_time();
  jobs.write(job);
  return job;
}

}  // namespace

HydrationJob end_job(const HydrationJobs& jobs, const std::string& id,
                     const EndingPatience& patience) {
  const HydrationJob job = required_job(jobs, id);
  if (job.has_ended()) return job;
  if (!job.process) {
    jobs.cancel(id);
    return required_job(jobs, id);
  }
  if (job.process->machine != JobProcess::own().machine)
    throw HttpError(kNotMine, "job " + id + " runs on another machine: cancel it there");
  end_process(*job.process, id, patience);
  return settled_job(jobs, id);
}

}  // namespace topobathy
