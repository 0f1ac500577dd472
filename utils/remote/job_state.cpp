#include "utils/remote/job_state.h"

#include <algorithm>
#include <array>

#include "cache/json_text.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

constexpr std::array kStatuses{JobStatus::kPending, JobStatus::kRunning, JobStatus::kCompleted,
                               JobStatus::kFailed, JobStatus::kCancelled};

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t count_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return 0;
  return std::max<std::int64_t>(0, found->get<std::int64_t>());
}

std::optional<JobStatus> status_in(const Json& object) {
  const std::string name = text_in(object, "status");
  for (const JobStatus status : kStatuses)
    if (name == to_text(status)) return status;
  return std::nullopt;
}

}  // namespace

std::optional<HydrationJob> job_of_state(const std::string& text, const std::string& id) {
  const Json object = parse_foreign_json(text);
  if (!object.is_object()) return std::nullopt;
  const auto status = status_in(object);
  const std::string named = text_in(object, "id");
  if (!status || (!named.empty() && named != id)) return std::nullopt;
  HydrationJob job;
  job.id = id;
  job.status = *status;
  job.submitted_at = text_in(object, "submitted_at");
  job.finished_at = text_in(object, "finished_at");
  job.error = text_in(object, "error");
  job.failure_reason = text_in(object, "failure_reason");
  job.cells = {count_in(object, "total_cells"), count_in(object, "processed_cells"),
               count_in(object, "cached_cells"), count_in(object, "failed_cells"),
               count_in(object, "empty_cells")};
  const auto bbox = object.find("bbox");
  if (bbox != object.end() && bbox->is_array() &&
      std::all_of(bbox->begin(), bbox->end(), [](const Json& edge) { return edge.is_number(); }))
    job.bbox = bbox->get<std::vector<double>>();
  if (object.contains("resolution") && object["resolution"].is_number())
    job.resolution = object["resolution"].get<double>();
  if (object.contains("zoom") && object["zoom"].is_number_integer())
    job.zoom = object["zoom"].get<int>();
  return job;
}

std::optional<Submitted> submitted_job(const std::string& text) {
  const Json object = parse_foreign_json(text);
  if (!object.is_object()) return std::nullopt;
  Submitted job;
  job.id = text_in(object, "job_id");
  if (!is_job_id(job.id)) return std::nullopt;
  // Another server's address is not taken: the token is for this one.
  job.web_socket = text_in(object, "ws");
  if (job.web_socket.empty() || job.web_socket.front() != '/' ||
      std::any_of(job.web_socket.begin(), job.web_socket.end(),
                  [](char c) { return c <= ' ' || c >= '\x7f'; }))
    job.web_socket.clear();
  return job;
}

}  // namespace topobathy
