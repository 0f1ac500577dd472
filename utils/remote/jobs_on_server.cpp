#include "utils/remote/jobs_on_server.h"

#include <nlohmann/json.hpp>

#include "cache/json_text.h"
#include "fusion/error.h"
#include "utils/exit_status.h"
#include "utils/hydrate/job_list.h"
#include "utils/remote/job_state.h"

namespace topobathy {
namespace {

ServerAnswer ask(const ServerArguments& server, HttpRequest::Method method, const std::string& id) {
  if (!id.empty() && !is_job_id(id))
    throw Error(ErrorCode::kUsage, "'" + id + "' is no id of a job: these are UUIDs");
  ServerClient client(server.setup(1, nullptr));
  ServerAnswer answer = client.ask(method, id.empty() ? "/hydrate" : "/hydrate/" + id);
  if (answer.status == 404 && !id.empty())
    throw Error(ErrorCode::kNotFound, client.address().base + " knows no job " + id);
  if (!answer.ok())
    throw Error(ErrorCode::kUnreadable, client.address().base + ": " + refusal_text(answer));
  return answer;
}

/// States as the reference lists them: an array, or an object with it as "jobs".
std::vector<HydrationJob> jobs_in(const std::string& text, const std::string& id) {
  const auto answer = parse_foreign_json(text);
  std::vector<HydrationJob> jobs;
  const auto add = [&](const nlohmann::json& state) {
    const std::string named = state.is_object() && state.contains("id") && state["id"].is_string()
                                  ? state["id"].get<std::string>()
                                  : id;
    if (auto job = job_of_state(state.dump(), named)) jobs.push_back(*std::move(job));
  };
  if (!id.empty()) {
    add(answer);
  } else {
    const bool wrapped = answer.is_object() && answer.contains("jobs");
    for (const auto& state : wrapped ? answer["jobs"] : answer)
      add(state);
  }
  return jobs;
}

}  // namespace

int list_jobs_on_server(const ServerArguments& server, const std::string& id, bool json,
                        std::ostream& out) {
  const ServerAnswer answer = ask(server, HttpRequest::Method::kGet, id);
  print_jobs(out, jobs_in(answer.body, id), json);
  return kExitOk;
}

int cancel_job_on_server(const ServerArguments& server, const std::string& id, std::ostream& out) {
  const auto answer = parse_foreign_json(ask(server, HttpRequest::Method::kDelete, id).body);
  const bool cancelled = answer.is_object() &&
                         answer.value("status", nlohmann::json()) == nlohmann::json("cancelled") &&
                         !answer.contains("message");
  out << "job " << id << (cancelled ? " is asked to stop\n" : " has ended already\n");
  return kExitOk;
}

}  // namespace topobathy
