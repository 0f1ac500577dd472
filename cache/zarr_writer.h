#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cache/zarr_array.h"
#include "cache/zip_archive.h"
#include "fusion/plane.h"

namespace topobathy {

/// Builds a Zarr v2 group in a zip archive in memory, with consolidated metadata. Attributes
/// without "_ARRAY_DIMENSIONS": it is added.
class ZarrWriter {
 public:
  /// \throws Error(kCache) like every member
  ZarrWriter();

  /// Dimensions (y, x). \pre the plane is not empty
  template <class T>
  void add_plane(const std::string& name, const Plane<T>& plane, nlohmann::json attributes);
  /// A coordinate: one dimension of its own name, one chunk. \pre not empty
  void add_coordinate(const std::string& name, const std::vector<double>& values,
                      nlohmann::json attributes);
  /// An int32 zero whose attributes are the point (CF grid mapping).
  void add_scalar(const std::string& name, nlohmann::json attributes);

  /// Chunk name -> SHA-256 of its compressed bytes, of all chunks so far.
  const nlohmann::json& checksums() const noexcept { return checksums_; }

  /// The archive. The writer is used up.
  Bytes finish(const nlohmann::json& group_attributes);

 private:
  void add_array(const std::string& name, nlohmann::json metadata, nlohmann::json attributes,
                 nlohmann::json dimensions);
  void add_metadata(const std::string& name, const nlohmann::json& value);
  void add_chunk(const std::string& name, Bytes chunk);

  ZipWriter zip_;
  nlohmann::json consolidated_ = nlohmann::json::object();
  nlohmann::json checksums_ = nlohmann::json::object();
};

}  // namespace topobathy
