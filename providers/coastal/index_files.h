#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "providers/archive/archive_context.h"

namespace topobathy::coastal {

/// A file of a tile index on the server.
struct IndexPart {
  std::string url;
  std::string name;        ///< a plain name, for the copy
  std::int64_t size = -1;  ///< bytes as listed, -1 = not stated
};

/// A tile index at hand: copied to `tile_index/` below the provider's folder, or held in memory
/// where nothing may be written there (CACHE=READ_ONLY).
class IndexFiles {
 public:
  /// Fetches the parts; with `known` those that lie there already are taken as they are (the
  /// archive's edition is the one they were copied from). \throws Error
  IndexFiles(ArchiveContext& context, const std::vector<IndexPart>& parts, bool known);
  ~IndexFiles();
  IndexFiles(const IndexFiles&) = delete;
  IndexFiles& operator=(const IndexFiles&) = delete;

  /// Of the first part, for GDAL.
  const std::string& path() const noexcept { return path_; }

 private:
  void hold(ArchiveContext& context, const IndexPart& part);

  std::string folder_;
  std::string path_;
  std::vector<std::string> held_;  ///< paths in memory
};

}  // namespace topobathy::coastal
