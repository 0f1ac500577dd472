#include "cache/hydration_jobs.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cache/atomic_file.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr char kExtension[] = ".json";

bool latest_first(const HydrationJob& a, const HydrationJob& b) {
  return a.submitted_at != b.submitted_at ? a.submitted_at > b.submitted_at : a.id < b.id;
}

}  // namespace

HydrationJobs::HydrationJobs(const std::string& cache_root, FileSystem& files)
    : folder_(cache_root + "/hydration_jobs"), files_(&files) {}

std::string HydrationJobs::path_of(const std::string& id) const {
  return folder_ + "/" + id + kExtension;
}

std::string HydrationJobs::cells_path_of(const std::string& id) const {
  return folder_ + "/" + id + ".cells";
}

std::string HydrationJobs::policy_path_of(const std::string& id) const {
  return folder_ + "/" + id + ".yaml";
}

void HydrationJobs::write(const HydrationJob& job) const {
  const std::string text = to_json_text(job);
  write_file_atomically(*files_, path_of(job.id), Bytes(text.begin(), text.end()));
}

std::optional<HydrationJob> HydrationJobs::load(const std::string& id) const {
  if (!is_job_id(id)) return std::nullopt;
  std::ifstream file(path_of(id), std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return job_from_json_text(text);
}

std::optional<HydrationJob> HydrationJobs::read(const std::string& id) const {
  auto job = load(id);
  if (!job) return job;
  const std::string why = why_dead(*job);
  if (why.empty()) return job;
  // Its last word may have come between the two looks.
  job = load(id);
  if (!job || job->has_ended()) return job;
  mark_dead(*job, why);
  try {
    write(*job);
  } catch (const Error&) {
    // A read-only cache: whoever looks next finds out again.
  }
  return job;
}

std::vector<HydrationJob> HydrationJobs::list() const {
  std::vector<HydrationJob> jobs;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_, failed))
    if (entry.path().extension() == kExtension)
      if (auto job = read(entry.path().stem().string())) jobs.push_back(*std::move(job));
  std::sort(jobs.begin(), jobs.end(), latest_first);
  return jobs;
}

bool HydrationJobs::cancel(const std::string& id) const {
  auto job = read(id);
  if (!job || job->has_ended()) return false;
  if (!job->process) {
    job->status = JobStatus::kCancelled;
    job->error = "Cancelled by user";
    job->finished_at = job_time();
    write(*job);
    return true;
  }
  if (job->process->machine != JobProcess::own().machine)
    throw Error(ErrorCode::kUsage, "job " + id + " runs on another machine (" +
                                       job->process->machine + "): cancel it there");
  return ::kill(static_cast<pid_t>(job->process->pid), SIGTERM) == 0;
}

std::vector<std::string> HydrationJobs::prune(std::chrono::seconds age) const {
  std::vector<std::string> gone;
  const std::time_t oldest = std::time(nullptr) - static_cast<std::time_t>(age.count());
  for (const HydrationJob& job : list()) {
    const std::string& when = job.finished_at.empty() ? job.submitted_at : job.finished_at;
    if (!job.has_ended() || job_seconds(when) > oldest) continue;
    files_->remove(path_of(job.id));
    files_->remove(policy_path_of(job.id));
    files_->remove(cells_path_of(job.id));
    gone.push_back(job.id);
  }
  return gone;
}

}  // namespace topobathy
