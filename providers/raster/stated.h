#pragma once

#include <string>

namespace topobathy {

/// A text of a file's metadata without the blanks around it; empty where it says "not stated" in
/// words ("N/A", "unknown", "//", ...).
std::string stated(const std::string& text);

}  // namespace topobathy
