#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <limits>
#include <string>
#include <system_error>

#include "cache/file_system.h"

namespace topobathy {

/// The real file system, but call number `failing` (from 1) does not happen and reports a full
/// disk. At most `most` bytes are written at once: short writes are many. One thread.
class FailingFileSystem : public FileSystem {
 public:
  explicit FailingFileSystem(int failing,
                             std::size_t most = std::numeric_limits<std::size_t>::max())
      : failing_(failing), most_(most) {}
  bool failed() const { return calls_ >= failing_; }

  void make_directories(const std::string& path) override {
    count();
    real_.make_directories(path);
  }
  int create(const std::string& path) override {
    count();
    return real_.create(path);
  }
  int reopen(const std::string& path, std::uint64_t size) override {
    count();
    return real_.reopen(path, size);
  }
  std::size_t write(int file, const void* data, std::size_t size) override {
    count();
    return real_.write(file, data, std::min(size, most_));
  }
  void sync(int file) override {
    count();
    real_.sync(file);
  }
  void close(int file) override {
    real_.close(file);
    count();
  }
  void rename(const std::string& from, const std::string& to) override {
    count();
    real_.rename(from, to);
  }
  void sync_directory(const std::string& path) override {
    count();
    real_.sync_directory(path);
  }
  void remove(const std::string& path) noexcept override { real_.remove(path); }

 private:
  void count() {
    if (++calls_ == failing_) throw std::system_error(ENOSPC, std::generic_category(), "injected");
  }
  FileSystem& real_ = posix_file_system();
  const int failing_;
  const std::size_t most_;
  int calls_ = 0;
};

}  // namespace topobathy
