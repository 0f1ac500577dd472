#pragma once

#include <string>
#include <vector>

namespace topobathy {

/// Runs a program that does its work in a further process of its own and ends at once (topobathy
/// hydrate fuse --as-job). It is given nothing of this process: standard streams are /dev/null, no
/// file or socket is open, signals are as at the start of a program, the session is its own.
/// \param command program (a path) and arguments
/// \returns how it ended: "" = well, else why it could not begin
std::string start_detached(const std::vector<std::string>& command);

}  // namespace topobathy
