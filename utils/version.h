#pragma once

#include <string>

namespace topobathy {

/// The program, the schema of what it fuses, and the libraries it runs with, one a line.
std::string version_text();
/// Of the program alone.
std::string program_version();

}  // namespace topobathy
