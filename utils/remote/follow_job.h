#pragma once

#include "utils/hydrate/hydration_progress.h"
#include "utils/remote/job_state.h"
#include "utils/remote/server_client.h"

namespace topobathy {

/// Tells `progress` how a server's job goes until it has ended: by its WebSocket where `listen` and
/// the server has one, from where that fails by asking every 2 s.
/// \returns the exit status: 0 completed, 1 failed, cancelled or with failed cells
/// \throws Error: the server knows the job no more, does not answer, or answers with no state;
/// Error(kCancelled): the client has been stopped
int follow_job(ServerClient& server, const Submitted& job, bool listen,
               HydrationProgress& progress);

}  // namespace topobathy
