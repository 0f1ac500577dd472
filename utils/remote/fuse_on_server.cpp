#include "utils/remote/fuse_on_server.h"

#include <iostream>

#include <nlohmann/json.hpp>

#include "fusion/error.h"
#include "providers/policy_file.h"
#include "utils/exit_status.h"
#include "utils/hydrate/stop_signals.h"
#include "utils/remote/follow_job.h"

namespace topobathy {
namespace {

constexpr int kOneAtATime = 1;

std::string body_of(const FuseOrder& order) {
  nlohmann::json body{{"bbox", order.box}};
  if (order.resolution) body["resolution"] = *order.resolution;
  if (order.zoom) body["zoom"] = *order.zoom;
  if (order.workers) body["max_workers"] = *order.workers;
  if (!order.policy_path.empty()) body["policy_yaml"] = read_policy_text(order.policy_path).text;
  try {
    return body.dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::kPolicy, "'" + order.policy_path + "' is no text in UTF-8");
  }
}

Submitted submit(ServerClient& server, const FuseOrder& order) {
  const ServerAnswer answer = server.ask(HttpRequest::Method::kPost, "/hydrate", body_of(order));
  if (!answer.ok())
    throw Error(ErrorCode::kUnreadable,
                server.address().base + " does not take the job: " + refusal_text(answer));
  const auto job = submitted_job(answer.body);
  if (!job)
    throw Error(ErrorCode::kUnreadable, server.address().base +
                                            " answers, but names no job: is this a server of "
                                            "topobathy?");
  return *job;
}

/// An error, and that the job knows nothing of it.
Error with_hint(const Error& error, const std::string& id, const std::string& url) {
  return Error(error.code(), error.message() + "; job " + id +
                                 " may go on: topobathy hydrate jobs " + id + " --url " + url);
}

}  // namespace

std::string cancel_command(const std::string& id, const std::string& url) {
  return "topobathy hydrate cancel " + id + " --url " + url;
}

int fuse_on_server(const ServerArguments& arguments, const FuseOrder& order,
                   ProgressKind progress) {
  const StopSignals signals;
  ServerClient server(arguments.setup(kOneAtATime, [] { return StopSignals::count() > 0; }));
  std::optional<Submitted> job;
  try {
    job = submit(server, order);
    std::cerr << "job " << job->id << " at " << server.address().base << '\n';
    const auto shown = make_progress(progress, "cells");
    const int status = follow_job(server, *job, arguments.web_socket(), *shown);
    return status;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) {
      if (job)
        std::cerr << "job " << job->id
                  << " goes on; to cancel it: " << cancel_command(job->id, arguments.url()) << '\n';
      return kExitInterrupted;
    }
    if (!job || error.code() == ErrorCode::kNotFound) throw;
    throw with_hint(error, job->id, arguments.url());
  }
}

}  // namespace topobathy
