#pragma once

#include <string>

namespace topobathy {

/// Opens a file for reading, where the system allows it (the file is ours) so that its time of last
/// use stays: looking through a cache must not make everything in it used. A FIFO of that name does
/// not block. \returns a descriptor, or -1 with errno
int open_untraced(const std::string& path) noexcept;

}  // namespace topobathy
