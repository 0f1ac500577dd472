#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cache/zarr_array.h"
#include "cache/zip_archive.h"
#include "fusion/plane.h"

namespace topobathy {

/// Reads what ZarrWriter makes, trusting nothing: a group that is not sound has no attributes, a
/// plane that is not sound does not read. Memory is bounded by the size of the file and of the
/// plane that is asked for.
class ZarrReader {
 public:
  /// `archive` must outlive the reader.
  explicit ZarrReader(const Bytes& archive);

  /// The group's attributes; null when the file is no such group.
  const nlohmann::json& attributes() const noexcept { return attributes_; }

  /// Fills `plane` with these chunks of the array `name` if that is of exactly this type, size and
  /// chunking and each chunk has the checksum that `checksums` states for it. \throws
  /// nlohmann::json::exception when `checksums` is no such table
  template <class T>
  bool read_plane(const std::string& name, std::int64_t width, std::int64_t height,
                  const ChunkRange& range, const nlohmann::json& checksums, Plane<T>& plane) const;

 private:
  template <class T>
  bool read_chunk(const std::string& name, const nlohmann::json& checksums, Bytes& compressed,
                  std::vector<T>& chunk) const;

  ZipReader zip_;
  nlohmann::json metadata_;
  nlohmann::json attributes_;
};

}  // namespace topobathy
