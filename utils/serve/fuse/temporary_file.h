#pragma once

#include <memory>
#include <string>

#include "providers/open.h"

namespace topobathy {

/// A file that goes away with this object, side-cars that GDAL put beside it too.
class TemporaryFile {
 public:
  /// Names a new file below `folder`, which is made; nothing is written yet. The name tells the
  /// process, so that the cache's check removes what a killed one left. \throws HttpError(503)
  explicit TemporaryFile(const std::string& folder);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const noexcept { return path_; }
  /// Another name of the same file, which whoever takes it removes. \throws HttpError(503)
  std::string link() const;

 private:
  std::string folder_;
  std::string path_;
};

/// Where files of answers are made: below the cache's folder, or, without a cache, TMPDIR.
std::string answers_folder(const OpenRequest& request);

}  // namespace topobathy
