#pragma once

#include <string>

namespace topobathy {

/// Why a text of a client's filter (a pattern of survey names, a project) is refused; "" = it is
/// not. Regular expressions are matched by backtracking: one whose time could grow beyond the cube
/// of a name's length is refused, and so is what looks like a place of a file or on the network.
std::string why_not_allowed(const std::string& text);

}  // namespace topobathy
