#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace topobathy {

/// The calls that change the disk, so that tests make any one of them fail. Thread-safe.
/// \throws std::system_error with the errno, from every member but remove() and close()
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual void make_directories(const std::string& path) = 0;
  /// A new file opened for writing; an existing one is an error (EEXIST).
  virtual int create(const std::string& path) = 0;
  /// An existing file cut to its first `size` bytes, opened for writing at its end.
  virtual int reopen(const std::string& path, std::uint64_t size) = 0;
  /// Bytes written, at least one. \pre size > 0
  virtual std::size_t write(int file, const void* data, std::size_t size) = 0;
  virtual void sync(int file) = 0;
  /// Closes even when it throws: network file systems report a full disk here.
  virtual void close(int file) = 0;
  virtual void rename(const std::string& from, const std::string& to) = 0;
  /// Makes a rename inside the directory last. File systems that cannot sync a directory are
  /// content.
  virtual void sync_directory(const std::string& path) = 0;
  virtual void remove(const std::string& path) noexcept = 0;
};

/// The real one; lives as long as the process.
FileSystem& posix_file_system();

}  // namespace topobathy
