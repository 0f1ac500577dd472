#include "cache/audit/check_job.h"

#include "cache/atomic_file.h"
#include "cache/audit/check_json.h"
#include "cache/hydration_job.h"

namespace topobathy {

using JobFileState = JobVerdict::State;

JobVerdict check_job(const std::string& path) {
  const auto job = job_from_json_text(read_text(path));
  if (!job) return {JobFileState::kDamaged, "no state of a job, or cut short"};
  const std::string why = why_dead(*job);
  if (why.empty()) return {};
  return {JobFileState::kDead, std::string("it says ") + to_text(job->status) + ", but " + why};
}

void mark_job_dead(const std::string& path) {
  auto job = job_from_json_text(read_text(path));
  if (!job) return;
  const std::string why = why_dead(*job);
  if (why.empty()) return;
  mark_dead(*job, why);
  const std::string text = to_json_text(*job);
  write_file_atomically(posix_file_system(), path, Bytes(text.begin(), text.end()));
}

}  // namespace topobathy
