#pragma once

#include <filesystem>
#include <string>

namespace topobathy {

/// The program that runs, for further processes of it.
inline std::string own_program() {
  return std::filesystem::read_symlink("/proc/self/exe").string();
}

}  // namespace topobathy
