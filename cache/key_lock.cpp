#include "cache/key_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "fusion/sha256.h"

namespace topobathy {
namespace {

/// An open descriptor of the lock file, or -1.
int open_lock_file(const std::string& directory, const std::string& path) {
  const auto open = [&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  };
  const int file = open();
  if (file >= 0 || errno != ENOENT) return file;
  std::error_code ignored;  // open() says it again
  std::filesystem::create_directories(directory, ignored);
  return open();
}

bool lock(int file) {
  while (::flock(file, LOCK_EX) != 0)
    if (errno != EINTR) return false;
  return true;
}

/// Whether the locked file is still the one that others will find under its name.
bool is_current(int file, const std::string& path) {
  struct stat mine, named;
  return ::fstat(file, &mine) == 0 && ::stat(path.c_str(), &named) == 0 &&
         mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

}  // namespace

KeyLock::KeyLock(const std::string& directory, const std::string& key)
    : path_(directory + "/" + sha256_hex(key) + ".lock") {
  for (;;) {
    const int file = open_lock_file(directory, path_);
    if (file < 0) return;
    if (!lock(file)) {
      ::close(file);
      return;
    }
    if (is_current(file, path_)) {
      file_ = file;
      return;
    }
    ::close(file);
  }
}

KeyLock::~KeyLock() {
  if (file_ < 0) return;
  ::unlink(path_.c_str());
  // Not left to close(): a child forked meanwhile shares the lock and would keep it.
  ::flock(file_, LOCK_UN);
  ::close(file_);
}

}  // namespace topobathy
