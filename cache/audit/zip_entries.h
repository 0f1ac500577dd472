#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "cache/bytes.h"
#include "cache/zip_archive.h"

namespace topobathy {

/// The entries of a zip archive, read to their end so that libzip compares each CRC. For one
/// thread.
class ZipEntries {
 public:
  /// Looks at the directory alone.
  explicit ZipEntries(const std::string& path);
  /// `archive` must outlive this.
  explicit ZipEntries(const Bytes& archive);

  /// "" unless it is no archive.
  const std::string& problem() const noexcept { return problem_; }
  std::size_t count() const noexcept { return count_; }
  /// "" = the name cannot be told.
  std::string name(std::size_t entry) const;

  /// The whole entry. False: damaged, or of more than `limit` bytes.
  bool read(std::size_t entry, std::size_t limit, Bytes& content) const;
  bool read(const std::string& name, std::size_t limit, Bytes& content) const;
  /// The same piece by piece, whatever its size. \returns "" or what is wrong with the entry
  using TakePiece = std::function<void(const unsigned char* bytes, std::size_t size)>;
  std::string stream(std::size_t entry, const TakePiece& take) const;

 private:
  ZipHandle archive_;
  std::size_t count_ = 0;
  std::string problem_;
};

/// Reads every member of a zip file; `quick`: its directory alone. \returns "" or what is wrong
std::string check_zip(const std::string& path, bool quick);

}  // namespace topobathy
