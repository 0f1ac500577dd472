#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "providers/raster/file_stamp.h"

namespace topobathy {

/// A file of the operating system, read by offset. Any number of threads may read at once.
class PlainFile {
 public:
  explicit PlainFile(int descriptor) noexcept : descriptor_(descriptor) {}
  ~PlainFile();
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  /// False unless all bytes were there.
  bool read_at(std::uint64_t offset, void* out, std::size_t bytes) const noexcept;

 private:
  int descriptor_;
};

/// The file, shared by all who ask for it; the least recently used are closed when nobody reads
/// them. Null if it cannot be opened or is not of this revision. Thread-safe.
std::shared_ptr<const PlainFile> open_plain_file(const std::string& path, const FileStamp& stamp);

/// Closes those nobody is reading.
void close_plain_files() noexcept;

}  // namespace topobathy
