#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace topobathy {

/// What tells that a path still names the file that was looked at, with the bytes it had. The time
/// of the last change of its inode is no part of it: reading a cell marks it as used.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t bytes = 0;
  std::int64_t modified = 0;  ///< nanoseconds since 1970

  friend bool operator==(const FileIdentity& a, const FileIdentity& b) noexcept {
    return a.device == b.device && a.inode == b.inode && a.bytes == b.bytes &&
           a.modified == b.modified;
  }
  friend bool operator!=(const FileIdentity& a, const FileIdentity& b) noexcept {
    return !(a == b);
  }
};

/// Of a regular file; nothing for anything else, links included.
std::optional<FileIdentity> file_identity(const std::string& path) noexcept;

/// Seconds since the file was last written; by the file system's clock as far as it is ours.
double age_seconds(const FileIdentity& file) noexcept;

}  // namespace topobathy
