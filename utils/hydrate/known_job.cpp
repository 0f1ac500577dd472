#include "utils/hydrate/known_job.h"

#include <chrono>

#include <nlohmann/json.hpp>

#include "cache/json_text.h"
#include "fusion/error.h"
#include "providers/object_store/cache_place.h"

namespace topobathy {
namespace {

constexpr std::chrono::hours kJobsKept{24};

}  // namespace

HydrationJobs jobs_of(const std::string& cache_root) {
  return HydrationJobs(local_cache_folder(cache_root));
}

HydrationJob new_job() {
  HydrationJob job;
  job.id = new_job_id();
  job.submitted_at = job_time();
  return job;
}

HydrationJob known_job(const HydrationJobs& jobs, const std::string& id) {
  auto job = jobs.read(id);
  if (!job)
    throw Error(ErrorCode::kNotFound, "no job " + id + ": topobathy hydrate jobs lists them");
  return *std::move(job);
}

HydrationJob resumable_job(const HydrationJobs& jobs, const std::string& id,
                           const std::string& kind) {
  HydrationJob job = known_job(jobs, id);
  if (!job.has_ended())
    throw Error(ErrorCode::kUsage,
                "job " + id + " is " + to_text(job.status) + ": nothing to resume");
  const auto request = parse_foreign_json(job.request);
  const std::string begun = request.is_object() ? request.value("kind", kind) : kind;
  if (begun != kind)
    throw Error(ErrorCode::kUsage, "job " + id + " is one of hydrate " + begun +
                                       ": topobathy hydrate " + begun + " --resume " + id);
  job.error.clear();
  job.failure_reason.clear();
  job.finished_at.clear();
  return job;
}

std::vector<std::string> saved_words(const HydrationJob& job) {
  const auto request = parse_foreign_json(job.request);
  if (!request.is_object() || !request.contains("arguments"))
    throw Error(ErrorCode::kUsage,
                "job " + job.id + " does not say what it was to do; give its arguments");
  return request["arguments"].get<std::vector<std::string>>();
}

void prune_old(const HydrationJobs& jobs) {
  jobs.prune(kJobsKept);
}

}  // namespace topobathy
