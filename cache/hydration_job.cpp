#include "cache/hydration_job.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "cache/json_text.h"
#include "cache/process_state.h"

namespace topobathy {
namespace {

using nlohmann::json;

/// Seconds that starting a process may take.
constexpr std::int64_t kBegunWithin = 60;

constexpr std::array<JobStatus, 5> kStatuses{JobStatus::kPending, JobStatus::kRunning,
                                             JobStatus::kCompleted, JobStatus::kFailed,
                                             JobStatus::kCancelled};

std::optional<JobStatus> status_named(const std::string& name) {
  for (const JobStatus status : kStatuses)
    if (name == to_text(status)) return status;
  return std::nullopt;
}

/// This boot of this machine: a process number means nothing on another one, nor after a restart.
std::string this_machine() {
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + "/" + boot;
}

std::string host_of(const std::string& machine) {
  return machine.substr(0, machine.rfind('/'));
}

template <class T>
void put(json& object, const char* name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

void put(json& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}

HydrationJob from_json(const json& object) {
  HydrationJob job;
  job.id = object.at("id").get<std::string>();
  job.status = status_named(object.at("status").get<std::string>()).value();
  job.bbox = object.value("bbox", std::vector<double>());
  job.resolution = object.value("resolution", 0.0);
  if (object.contains("zoom")) job.zoom = object["zoom"].get<int>();
  job.submitted_at = object.value("submitted_at", "");
  job.finished_at = object.value("finished_at", "");
  if (object.contains("pid"))
    job.process =
        JobProcess{object["pid"].get<std::int64_t>(),
                   object.value("pid_start_ticks", std::uint64_t{0}), object.value("machine", "")};
  job.cells = {object.value("total_cells", std::int64_t{0}),
               object.value("processed_cells", std::int64_t{0}),
               object.value("cached_cells", std::int64_t{0}),
               object.value("failed_cells", std::int64_t{0}),
               object.value("empty_cells", std::int64_t{0})};
  job.error = object.value("error", "");
  job.failure_reason = object.value("failure_reason", "");
  job.request = object.value("request", json::object()).dump();
  return job;
}

}  // namespace

const char* to_text(JobStatus status) noexcept {
  switch (status) {
    case JobStatus::kPending:
      return "pending";
    case JobStatus::kRunning:
      return "running";
    case JobStatus::kCompleted:
      return "completed";
    case JobStatus::kFailed:
      return "failed";
    case JobStatus::kCancelled:
      break;
  }
  return "cancelled";
}

bool has_ended(JobStatus status) noexcept {
  return status != JobStatus::kPending && status != JobStatus::kRunning;
}

JobProcess JobProcess::own() {
  return {::getpid(), process_start_ticks(::getpid()).value_or(0), this_machine()};
}

std::string JobProcess::why_gone() const {
  const std::string process = "process " + std::to_string(pid);
  const std::string here = this_machine();
  if (!machine.empty() && machine != here)
    return host_of(machine) == host_of(here) ? "the machine has been restarted" : "";
  if (!can_see_processes()) return "";
  const auto ticks = process_start_ticks(static_cast<pid_t>(pid));
  if (!ticks) return process + " has ended";
  if (start_ticks == 0 || *ticks == start_ticks) return "";
  return process + " is another one now (PID reused)";
}

std::string new_job_id() {
  std::random_device device;
  std::array<unsigned, 4> words{};
  std::generate(words.begin(), words.end(), [&] { return device(); });
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-%04x-%04x%08x", words[0], words[1] >> 16,
                words[1] & 0xFFFU, 0x8000U | (words[2] >> 18), words[2] & 0xFFFFU, words[3]);
  return text.data();
}

bool is_job_id(const std::string& text) noexcept {
  constexpr std::size_t kLength = 36;
  if (text.size() != kLength) return false;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

std::string job_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S+00:00", &parts);
  return text.data();
}

std::int64_t job_seconds(const std::string& text) {
  std::tm parts{};
  return ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr ? 0 : ::timegm(&parts);
}

std::string why_dead(const HydrationJob& job) {
  if (job.has_ended()) return "";
  if (job.process) return job.process->why_gone();
  const std::int64_t submitted = job_seconds(job.submitted_at);
  const bool late = job.status == JobStatus::kPending && submitted > 0 &&
                    std::time(nullptr) > submitted + kBegunWithin;
  return late ? "no process has begun it: it ended" : "";
}

void mark_dead(HydrationJob& job, const std::string& why) {
  job.status = JobStatus::kFailed;
  job.failure_reason = "worker_died";
  job.error = why + " without recording completion";
  job.finished_at = job_time();
}

std::string to_json_text(const HydrationJob& job) {
  json object{{"id", job.id},
              {"status", to_text(job.status)},
              {"bbox", job.bbox},
              {"resolution", job.resolution},
              {"total_cells", job.cells.total},
              {"processed_cells", job.cells.processed},
              {"cached_cells", job.cells.cached},
              {"failed_cells", job.cells.failed},
              {"request", parse_foreign_json(job.request)}};
  if (job.cells.empty > 0) object["empty_cells"] = job.cells.empty;
  put(object, "zoom", job.zoom);
  put(object, "submitted_at", job.submitted_at);
  put(object, "finished_at", job.finished_at);
  put(object, "error", job.error);
  put(object, "failure_reason", job.failure_reason);
  if (job.process) {
    object["pid"] = job.process->pid;
    object["pid_start_ticks"] = job.process->start_ticks;
    object["machine"] = job.process->machine;
  }
  if (job.status == JobStatus::kCompleted)
    object["stats"] = {{"total", job.cells.total},
                       {"cached", job.cells.cached},
                       {"processed", job.cells.processed},
                       {"failed", job.cells.failed}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<HydrationJob> job_from_json_text(const std::string& text) {
  try {
    HydrationJob job = from_json(parse_foreign_json(text));
    if (is_job_id(job.id)) return job;
  } catch (const std::exception&) {
    // Another program's file, or one cut short by a full disk: no job either way.
  }
  return std::nullopt;
}

}  // namespace topobathy
