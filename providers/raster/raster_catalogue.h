#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "fusion/source_ids.h"
#include "providers/raster/catalogue_file.h"
#include "providers/raster/grid_group.h"

namespace topobathy {

/// The files of one raster step: listed on the first pixel read, their headers read once, indexed
/// in space. Immutable once made.
class RasterCatalogue {
 public:
  /// Lists and opens the files' headers (in parallel), sorts their grids into groups and builds the
  /// index. A file that cannot be opened is left out and told in lost(), and so is a list that
  /// cannot be made (no such glob, unreadable index).
  RasterCatalogue(const Step& step, const std::string& directory);
  RasterCatalogue(RasterCatalogue&&) noexcept;
  ~RasterCatalogue();

  const std::vector<CatalogueFile>& files() const noexcept { return files_; }
  const std::vector<GridGroup>& groups() const noexcept { return groups_.groups(); }
  const std::vector<std::string>& crs_list() const noexcept { return crs_list_; }
  /// The largest full-resolution pixel of the files of one CRS, CRS units.
  double largest_pixel(int crs) const noexcept {
    return largest_pixel_[static_cast<std::size_t>(crs)];
  }
  /// Files of one CRS whose footprint meets the box, ascending.
  void find(int crs, const CrsBox& box, std::vector<int>& files) const;
  /// Why sources are missing; empty when all could be read.
  const std::string& lost() const noexcept { return lost_; }

 private:
  struct Index;
  void add(CatalogueFile file, const Step& step);
  int crs_index(const std::string& crs);

  std::vector<CatalogueFile> files_;
  GridGroups groups_;
  std::vector<std::string> crs_list_;
  std::vector<double> largest_pixel_;
  std::unique_ptr<Index> index_;
  std::string lost_;
};

/// The files a raster step names, without opening any: paths as they are, globs expanded in byte
/// order, index rows in order. \throws Error(kNotFound, kUnreadable) with the policy's
/// file:line:column
struct NamedFile {
  std::string path;
  std::string key;
};
std::vector<NamedFile> list_files(const Step& step, const std::string& directory);

}  // namespace topobathy
