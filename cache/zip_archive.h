#pragma once

#include <zip.h>

#include <cstddef>
#include <list>
#include <memory>
#include <string>

#include "cache/bytes.h"

/// Zip archives in memory, by libzip: of stored (uncompressed) entries for cells, of compressed
/// ones for NumPy.
namespace topobathy {

struct ZipCloser {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
using ZipHandle = std::unique_ptr<zip_t, ZipCloser>;

/// Entries appear in the order they were added, dated 1980-01-01: the same entries make the same
/// bytes.
class ZipWriter {
 public:
  /// \throws Error(kCache) like every member
  ZipWriter();
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  void add(const std::string& name, Bytes content);
  /// Deflated at the quickest level.
  void add_compressed(const std::string& name, Bytes content);
  /// The archive. The writer is used up.
  Bytes finish();

 private:
  void add_entry(const std::string& name, Bytes content, zip_int32_t method, zip_uint32_t level);

  zip_source_t* output_;
  ZipHandle archive_;
  std::list<Bytes> contents_;  ///< libzip reads them in finish()
};

/// Never throws on damage: an archive that does not open has no entries, an entry that does not
/// read is absent.
class ZipReader {
 public:
  /// `archive` must outlive the reader.
  explicit ZipReader(const Bytes& archive);
  /// Of an open file, from which no more is read than is asked for. Takes the descriptor, of a file
  /// of `size` bytes.
  ZipReader(int file, std::size_t size);

  /// The bytes of a stored entry of at most `limit` bytes; false when there is none or its CRC is
  /// wrong.
  bool read(const std::string& name, std::size_t limit, Bytes& content) const;

 private:
  ZipHandle archive_;
  std::size_t size_;
};

}  // namespace topobathy
