#pragma once

#include <string>

#include "cache/file_system.h"

namespace topobathy {

/// Another file system without its waits for the disk: for files that carry their checksum and are
/// quickly made anew. After a crash of the machine (not of the process) one may be torn or empty,
/// which its reader sees.
class UnsyncedFiles final : public FileSystem {
 public:
  explicit UnsyncedFiles(FileSystem& files) : files_(&files) {}

  void make_directories(const std::string& path) override { files_->make_directories(path); }
  int create(const std::string& path) override { return files_->create(path); }
  int reopen(const std::string& path, std::uint64_t size) override {
    return files_->reopen(path, size);
  }
  std::size_t write(int file, const void* data, std::size_t size) override {
    return files_->write(file, data, size);
  }
  void sync(int /*file*/) override {}
  void close(int file) override { files_->close(file); }
  void rename(const std::string& from, const std::string& to) override { files_->rename(from, to); }
  void sync_directory(const std::string& /*path*/) override {}
  void remove(const std::string& path) noexcept override { files_->remove(path); }

 private:
  FileSystem* files_;
};

}  // namespace topobathy
