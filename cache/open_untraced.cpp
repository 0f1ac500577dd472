#include "cache/open_untraced.h"

#include <fcntl.h>

#include <cerrno>

namespace topobathy {

int open_untraced(const std::string& path) noexcept {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  const int file = ::open(path.c_str(), kFlags | O_NOATIME);
  return file >= 0 || errno != EPERM ? file : ::open(path.c_str(), kFlags);
}

}  // namespace topobathy
