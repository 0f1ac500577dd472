#pragma once

#include <optional>
#include <string>

#include "providers/raster/file_stamp.h"

namespace topobathy {

/// stamp_file(), but a remote file that was there is not asked again for some seconds, and threads
/// that want the same stamp ask once: opening a file takes several looks, and each cell that it
/// touches opens it. Thread-safe. \throws Error as stamp_file()
std::optional<FileStamp> recent_stamp(const std::string& path);

/// The next look is a fresh one: a dataset was opened, which must show files as they are now.
void forget_recent_stamps() noexcept;

}  // namespace topobathy
