#include "utils/hydrate/detached_job.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "cache/process_state.h"
#include "fusion/error.h"
#include "utils/hydrate/known_job.h"
#include "utils/hydrate/stop_signals.h"

namespace topobathy {
namespace {

/// Tiles that somebody waits for come before cells that nobody does.
constexpr int kNiceness = 5;

[[noreturn]] void refuse_detaching(const char* what) {
  throw Error(ErrorCode::kInternal,
              std::string("a job cannot be begun: ") + what + ": " + std::strerror(errno));
}

HydrationJob pending_job(const HydrationJobs& jobs, const std::string& id) {
  HydrationJob job = known_job(jobs, id);
  if (job.status != JobStatus::kPending || job.process)
    throw Error(ErrorCode::kUsage, "job " + id + " is " + to_text(job.status) + " already");
  return job;
}

/// Waits for the word that the job's file names this process; ends with who was to give it.
void await_word(int pipe) {
  char word = 0;
  ssize_t got = 0;
  while ((got = ::read(pipe, &word, 1)) < 0 && errno == EINTR) {
  }
  ::close(pipe);
  if (got != 1) ::_exit(1);
}

void give_word(const HydrationJobs& jobs, HydrationJob job, pid_t child, int pipe) {
  job.process = JobProcess::own();
  job.process->pid = child;
  job.process->start_ticks = process_start_ticks(child).value_or(0);
  try {
    jobs.write(job);
  } catch (const Error&) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    throw;
  }
  const char word = 1;
  if (::write(pipe, &word, 1) != 1) refuse_detaching("its process has ended");
}

}  // namespace

std::optional<HydrationJob> detach_as_job(const HydrationJobs& jobs, const std::string& id) {
  HydrationJob job = pending_job(jobs, id);
  StopSignals::hold_back();
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) refuse_detaching("pipe");
  const pid_t child = ::fork();
  if (child < 0) refuse_detaching("fork");
  if (child == 0) {
    ::close(pipe[1]);
    ::setsid();
    [[maybe_unused]] const int niceness = ::nice(kNiceness);
    await_word(pipe[0]);
    job.process = JobProcess::own();
    return job;
  }
  ::close(pipe[0]);
  give_word(jobs, std::move(job), child, pipe[1]);
  ::close(pipe[1]);
  return std::nullopt;
}

void mark_failed(const HydrationJobs& jobs, const std::string& id,
                 const std::string& why) noexcept {
  try {
    HydrationJob job = known_job(jobs, id);
    if (job.has_ended()) return;
    job.status = JobStatus::kFailed;
    job.error = why;
    job.finished_at = job_time();
    jobs.write(job);
  } catch (const std::exception&) {
    // Whoever looks finds the process gone.
  }
}

}  // namespace topobathy
