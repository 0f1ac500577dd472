#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gdal_priv.h>

#include "providers/raster/file_stamp.h"

namespace topobathy {

/// How a raster is opened, again and again.
struct OpenRecipe {
  std::string path;
  std::vector<std::string> open_options;
  bool allow_vrt = false;
  bool serialised = false;  ///< see serialise()
  /// Whose revision counts: the path, or the file that a subdataset's name is about.
  std::string stamped_file;
  std::optional<FileStamp> stamp;  ///< nothing where GDAL does not tell the file
  std::uint64_t id = 0;            ///< equal recipes have equal ids

  std::string etag() const { return stamp ? stamp->etag : ""; }
};

struct CloseDataset {
  bool serialised = false;
  void operator()(GDALDataset* dataset) const noexcept;
};
using DatasetPointer = std::unique_ptr<GDALDataset, CloseDataset>;

/// Looks at the file and settles how to open it. \throws Error(kNotFound, kUnsupported)
OpenRecipe make_recipe(const std::string& path, const std::vector<std::string>& open_options,
                       bool allow_vrt);

/// Opens read-only with the allowed drivers only, quietly, side-cars included for local files.
/// \throws Error(kNotFound, kUnreadable, kUnsupported)
DatasetPointer open_dataset(const OpenRecipe& recipe);

/// For a name that is no file itself (NETCDF:"a.nc":z): takes the stamp of the file it is about.
void adopt_stamp(OpenRecipe& recipe, GDALDataset& dataset);

/// \throws Error(kUnreadable) if the file is no longer the one the recipe was made from
void require_unchanged(const OpenRecipe& recipe);

/// After a failure with a remote file, whose server may refuse the edition that it has no more.
/// Asks the server; nothing for a local file. \throws Error(kUnreadable) if it has another one now
void require_same_edition(const OpenRecipe& recipe);

}  // namespace topobathy
