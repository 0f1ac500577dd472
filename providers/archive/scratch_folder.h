#pragma once

#include <string>

namespace topobathy {

/// A folder for files that must be on disk while the cache may not be written: made at the first
/// call, in the system's folder for temporary files, and gone when the process ends normally.
/// Thread-safe; a forked child makes its own. \throws Error(kCache) it cannot be made
std::string scratch_folder();

}  // namespace topobathy
