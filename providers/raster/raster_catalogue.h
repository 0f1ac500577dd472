#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fusion/policy/policy.h"
#include "fusion/source_ids.h"
#include "providers/archive/asset.h"
#include "providers/datum/height_target.h"
#include "providers/raster/catalogue_file.h"
#include "providers/raster/grid_group.h"
#include "providers/source_access.h"

namespace topobathy {

/// What an archive states of a file that comes from it.
struct ArchivedFile {
  SourceRecord record;      ///< of the file as one source, with its key
  HeightStatement heights;  ///< where the file says nothing of its own
  std::string sidecar;      ///< local PAM file whose attribute table counts, "" = the file's own
  std::string revision;     ///< as the archive tells editions apart
};

/// A file of a step, not opened yet.
struct NamedFile {
  std::string path;
  std::string key;
  std::shared_ptr<const ArchivedFile> archived;  ///< null: the policy names the file itself
};

/// A file of a step, or why it cannot be used.
using DescribedFile = std::variant<CatalogueFile, std::string>;

/// The files of one raster step: listed on the first pixel read, their headers read once, indexed
/// in space. Immutable once made.
class RasterCatalogue {
 public:
  /// Lists and opens the files' headers (in parallel), sorts their grids into groups and builds the
  /// index. A file that cannot be used is left out and told in losses(), and so is a list that
  /// cannot be made (no such glob, unreadable index). Headers that are remembered are not opened.
  RasterCatalogue(const Step& step, const std::string& directory, const SourceAccess& access,
                  const HeightTarget& heights = {});
  /// Of files that an archive has named, in this order.
  RasterCatalogue(std::vector<DescribedFile> files, const Step& step,
                  const HeightTarget& heights = {});
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
  /// Why sources are missing, one text a file in the order of the list; empty when all could be
  /// read.
  const std::vector<std::string>& losses() const noexcept { return losses_; }
  /// The first loss, or "".
  std::string lost() const { return losses_.empty() ? std::string() : losses_.front(); }
  /// Files whose survey the step's patterns leave out, each with its footprint and, as its header's
  /// CRS, the one it was placed by.
  const std::vector<CatalogueFile>& left_out() const noexcept { return left_out_; }
  /// Files the step names, those included that no filter keeps or that are lost.
  std::size_t named() const noexcept { return named_; }

 private:
  struct Index;
  /// What the step's patterns keep.
  void add_kept(std::vector<DescribedFile> files, const Step& step, const HeightTarget& heights);
  void build_index();
  void add(CatalogueFile file, const Step& step, const HeightTarget& heights);
  void add_or_lose(CatalogueFile file, const Step& step, const HeightTarget& heights);
  void settle_heights(CatalogueFile& file, const Step& step, const HeightTarget& heights);
  int crs_index(const std::string& crs);

  void leave_out(CatalogueFile file, const Step& step);

  std::vector<CatalogueFile> files_;
  std::vector<CatalogueFile> left_out_;
  GridGroups groups_;
  std::vector<std::string> crs_list_;
  std::vector<double> largest_pixel_;
  std::map<std::string, std::shared_ptr<const HeightShift>> shifts_;  ///< by their definition
  std::map<std::string, std::string> stated_by_crs_;  ///< heights by CRS: files mostly share one
  std::unique_ptr<Index> index_;
  std::vector<std::string> losses_;
  std::size_t named_ = 0;
};

/// The files a raster step names, without opening any: paths as they are, globs expanded in byte
/// order, index rows in order. With `offline` no glob is expanded and no index opened that is on
/// the network. \throws Error(kNotFound, kUnreadable) with the policy's file:line:column
std::vector<NamedFile> list_files(const Step& step, const std::string& directory, bool offline);
/// About how many these are, quickly: names that match a glob, rows of an index; none is looked at.
/// The largest number when it cannot be told.
std::size_t count_files(const Step& step, const std::string& directory, bool offline) noexcept;

}  // namespace topobathy
