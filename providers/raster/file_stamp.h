#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace topobathy {

/// What tells one revision of a file from another.
struct FileStamp {
  std::int64_t bytes = 0;
  std::int64_t mtime_ns =
      0;             ///< since the epoch; whole seconds where the file system or VSI gives no more
  std::string etag;  ///< of a remote file, if its server gives one

  /// "bytes-mtime_ns", or the ETag.
  std::string text() const;
  friend bool operator==(const FileStamp& a, const FileStamp& b) noexcept {
    return a.bytes == b.bytes && a.mtime_ns == b.mtime_ns && a.etag == b.etag;
  }
  friend bool operator!=(const FileStamp& a, const FileStamp& b) noexcept { return !(a == b); }
};

/// A regular file of the operating system, readable by offset without GDAL.
bool is_plain_file(const std::string& path) noexcept;
/// Behind a network, perhaps through an archive (/vsizip//vsicurl/...).
bool is_remote_path(const std::string& path) noexcept;

/// Of a subdataset name the stamp of its file. Nothing if there is no such file or folder. Asks the
/// network for a remote file. \throws Error(kUnreadable): see require_known_redirects()
std::optional<FileStamp> stamp_file(const std::string& path);

/// False if a local file is no longer what it was; remote files are not asked again.
bool is_unchanged(const std::string& path, const FileStamp& stamp);

}  // namespace topobathy
