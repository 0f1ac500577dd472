#pragma once

#include <ostream>
#include <string>

#include "utils/remote/server_arguments.h"

namespace topobathy {

/// Prints a server's jobs, or the one with `id`. \returns the exit status  \throws Error
int list_jobs_on_server(const ServerArguments& server, const std::string& id, bool json,
                        std::ostream& out);
/// Asks a server to stop a job. \throws Error: it does not know the job
int cancel_job_on_server(const ServerArguments& server, const std::string& id, std::ostream& out);

}  // namespace topobathy
