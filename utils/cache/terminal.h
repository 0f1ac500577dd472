#pragma once

#include <optional>
#include <string>

namespace topobathy {

/// Whether there is somebody to ask: standard input and standard error are a terminal.
bool can_ask() noexcept;

/// Writes `question` to standard error and waits for a line. Nothing at the end of the input and
/// for Ctrl-C, which ends nothing else while it waits. \pre can_ask()
std::optional<std::string> ask(const std::string& question);

}  // namespace topobathy
