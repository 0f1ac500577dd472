#include "cache/audit/check_job.h"

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "cache/atomic_file.h"
#include "cache/audit/check_json.h"
#include "cache/audit/process_state.h"
#include "cache/json_text.h"

namespace topobathy {
namespace {

using nlohmann::json;
using State = JobVerdict::State;

/// Of pending, running, completed, failed, cancelled; "" = none of them.
std::string status_of(const json& job) {
  if (!job.is_object() || !job.contains("id") || !job.value("status", json()).is_string())
    return "";
  const auto status = job["status"].get<std::string>();
  for (const char* known : {"pending", "running", "completed", "failed", "cancelled"})
    if (status == known) return status;
  return "";
}

/// Why the process of a job is not there any more, "" = it is, or there is none to look for.
std::string why_dead(const json& job) {
  const json pid = job.value("pid", json());
  if (!pid.is_number_integer() || !can_see_processes()) return "";
  const std::string process = "process " + std::to_string(pid.get<std::int64_t>());
  const auto ticks = process_start_ticks(pid.get<pid_t>());
  if (!ticks) return process + " has ended without recording completion";
  const json started = job.value("pid_start_ticks", json());
  if (!started.is_number_integer() || started.get<std::uint64_t>() == *ticks) return "";
  return process + " is another one now: the job's has ended without recording completion";
}

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[sizeof "2000-01-01T00:00:00+00:00"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
  return text;
}

}  // namespace

JobVerdict check_job(const std::string& path) {
  const json job = parse_foreign_json(read_text(path));
  const std::string status = status_of(job);
  if (status.empty()) return {State::kDamaged, "no state of a job, or cut short"};
  if (status != "running" && status != "pending") return {};
  const std::string why = why_dead(job);
  if (why.empty()) return {};
  return {State::kDead, "it says " + status + ", but " + why};
}

void mark_job_dead(const std::string& path) {
  json job = parse_foreign_json(read_text(path));
  const std::string status = status_of(job);
  if (status != "running" && status != "pending") return;
  const std::string why = why_dead(job);
  if (why.empty()) return;
  job["status"] = "failed";
  job["failure_reason"] = "worker_died";
  job["error"] = why;
  job["finished_at"] = utc_now();
  const std::string text = job.dump(-1, ' ', false, json::error_handler_t::replace);
  write_file_atomically(posix_file_system(), path, Bytes(text.begin(), text.end()));
}

}  // namespace topobathy
