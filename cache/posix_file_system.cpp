#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cache/file_system.h"

namespace topobathy {
namespace {

[[noreturn]] void fail(const char* call, const std::string& path) {
  throw std::system_error(errno, std::generic_category(), std::string(call) + " " + path);
}

class PosixFileSystem final : public FileSystem {
 public:
  void make_directories(const std::string& path) override {
    std::filesystem::create_directories(path);
  }

  int create(const std::string& path) override {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) fail("create", path);
    return file;
  }

  int reopen(const std::string& path, std::uint64_t size) override {
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) fail("open", path);
    if (::ftruncate(file, static_cast<off_t>(size)) == 0) return file;
    const int error = errno;
    ::close(file);
    errno = error;
    fail("truncate", path);
  }

  std::size_t write(int file, const void* data, std::size_t size) override {
    for (;;) {
      const ssize_t written = ::write(file, data, size);
      if (written > 0) return static_cast<std::size_t>(written);
      if (written == 0) errno = ENOSPC;
      if (errno != EINTR) fail("write", "");
    }
  }

  void sync(int file) override {
    if (::fsync(file) != 0) fail("fsync", "");
  }

  void close(int file) override {
    // Linux has released the descriptor even when close() says EINTR: never repeat it.
    if (::close(file) != 0 && errno != EINTR) fail("close", "");
  }

  void rename(const std::string& from, const std::string& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) fail("rename", to);
  }

  void sync_directory(const std::string& path) override {
    const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
      if (errno == EACCES) return;  // a drop box: may be written, not listed
      fail("open", path);
    }
    const bool synced = ::fsync(directory) == 0 || errno == EINVAL || errno == ENOTSUP;
    const int error = errno;
    ::close(directory);
    if (synced) return;
    errno = error;
    fail("fsync", path);
  }

  void remove(const std::string& path) noexcept override { ::unlink(path.c_str()); }
};

}  // namespace

FileSystem& posix_file_system() {
  static PosixFileSystem file_system;
  return file_system;
}

}  // namespace topobathy
