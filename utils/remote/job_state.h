#pragma once

#include <optional>
#include <string>

#include "cache/hydration_job.h"

namespace topobathy {

/// A server's word about its job `id`: an object with a status and counters; what else it says is
/// ignored, what it leaves out is zero. {"error": ..., "status": "failed"} is one too. Nothing for
/// a text that is no state, or that of another job.
std::optional<HydrationJob> job_of_state(const std::string& text, const std::string& id);

/// What POST /hydrate answers.
struct Submitted {
  std::string id;
  std::string web_socket;  ///< path of its WebSocket
};
/// Nothing where the answer names no job.
std::optional<Submitted> submitted_job(const std::string& text);

}  // namespace topobathy
