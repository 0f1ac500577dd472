#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/archive/archive_context.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// What an archive is made with.
struct ArchiveSetup {
  const Step& step;  ///< product and filter
  std::shared_ptr<ArchiveContext> context;
};

/// A file made ready for GDAL.
struct AssetFile {
  std::string path;     ///< that GDAL opens
  std::string sidecar;  ///< local PAM file whose attribute table counts, "" = the file's own
};

/// What one public archive has: the only part of a provider that is its own. Everything else
/// (caches, fetching, alignment, blending, provenance) comes from ArchiveLayer. Thread-safe.
/// Constructing one touches neither disk nor network.
class Archive {
 public:
  explicit Archive(const ArchiveSetup& setup);
  virtual ~Archive();

  /// Every asset that touches the box, those left out by the step's filter too (with the reason),
  /// in a total order that does not depend on the box: ascending rank, then id. Looks into the
  /// discovery cache and asks the archive for what is not there or has expired.
  /// \throws Error: the archive cannot be asked and nothing is known. Nothing there = an empty list
  virtual std::vector<Candidate> find(const LonLatBox& box) = 0;

  /// The file behind an asset, fetched when it is not at hand. By default kStream is read where it
  /// lies and kDownload is copied to tier 5. `pixel` is the size of the pixels wanted, metres: only
  /// archives that make rasters (point clouds) choose by it. \throws Error
  virtual AssetFile open(const Asset& asset, double pixel);
  /// What open() may read of the asset, for analyze: whether no network is needed. \throws Error:
  /// it is known already that open() cannot, and why
  virtual bool is_local(const Asset& asset, double pixel);
  /// A streamed asset turned out to be of another edition than find() stated: the next find() asks
  /// the archive for it. By default what was asked of the tile itself is (AssetRevision).
  virtual void forget(const Asset& asset);
  /// The largest pixel that its files have, metres: so far kernels may reach beyond a window.
  virtual double coarsest_pixel() const { return 100.0; }
  /// The lon/lat box the archive covers as documented; nothing = anywhere.
  virtual std::optional<LonLatBox> extent() const { return std::nullopt; }

 protected:
  const Step& step() const noexcept { return step_; }
  ArchiveContext& context() const noexcept { return *context_; }
  const Filter& filter() const noexcept { return step_.filter; }

 private:
  const Step step_;
  const std::shared_ptr<ArchiveContext> context_;
};

/// The archive of a provider, by its canonical name; null for one that has none (`raster`).
std::unique_ptr<Archive> make_archive(const std::string& provider, const ArchiveSetup& setup);

/// Why a step's filter leaves an asset out: include and exclude patterns on the survey id (where
/// `names` says that the asset is one survey), min_year, max_resolution, project_id; "" = it stays.
/// What an archive does not state (year 0, resolution 0) is kept.
std::string left_out(const Filter& filter, const Asset& asset, bool names);

/// Sorts as find() must.
void sort_candidates(std::vector<Candidate>& candidates);

}  // namespace topobathy
