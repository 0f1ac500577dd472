#pragma once

#include <optional>
#include <string>
#include <vector>

#include "utils/hydrate/hydration_progress.h"
#include "utils/remote/server_arguments.h"

namespace topobathy {

/// What is asked of a server; what is left out it decides.
struct FuseOrder {
  std::vector<double> box;  ///< west, south, east, north
  std::optional<double> resolution;
  std::optional<int> zoom;
  std::optional<std::size_t> workers;
  std::string policy_path;  ///< of a file whose text is sent, "" = the server's own policy
};

/// Submits the order and follows its job. \returns the exit status; 130 where the user stops: the
/// job goes on, and he is told how to cancel it  \throws Error
int fuse_on_server(const ServerArguments& server, const FuseOrder& order, ProgressKind progress);

/// "topobathy hydrate cancel ID --url URL", for people.
std::string cancel_command(const std::string& id, const std::string& url);

}  // namespace topobathy
