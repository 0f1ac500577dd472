#pragma once

#include <string>

#include "cache/bytes.h"
#include "cache/file_system.h"

namespace topobathy {

/// Writes a temporary name beside `path`, syncs it and renames it: whoever opens `path` at any
/// instant, also after a crash, finds the old file, the new file or none. The directory is made
/// when missing. \throws Error(kCache) naming path and cause; no temporary is left behind (unless
/// the process is killed)
void write_file_atomically(FileSystem& files, const std::string& path, const Bytes& content);

/// True for names (without directory) that write_file_atomically uses before the rename; a killed
/// process leaves at most one.
bool is_temporary_name(const std::string& name) noexcept;

}  // namespace topobathy
