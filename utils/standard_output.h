#pragma once

#include <string>

namespace topobathy {

/// Writes the program's answer. A reader that has left (| head) is no failure; a full disk is, told
/// on stderr. \returns `status`, or kExitFailure
int write_standard_output(const std::string& text, int status);

}  // namespace topobathy
