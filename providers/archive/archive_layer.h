#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "fusion/layer_source.h"
#include "providers/archive/archive.h"
#include "providers/archive/open_cells.h"
#include "providers/archive/recent_assets.h"
#include "providers/archive/tuning.h"
#include "providers/datum/height_target.h"
#include "providers/raster/sample_blocks.h"
#include "providers/source_access.h"

namespace topobathy {

/// The layer of a step whose files an archive delivers. Finds, fetches and opens nothing until a
/// window is asked for.
///
/// The files of a block are those that touch its home cell (the cell its first pixel lies in) and a
/// margin as wide as kernels reach: which ones are opened together, and so how they are grouped,
/// depends on the lattice alone (law 1).
class ArchiveLayer final : public LayerSource {
 public:
  struct Setup {
    Step step;
    std::unique_ptr<Archive> archive;
    std::shared_ptr<SourceIds> ids;
    SourceAccess access;
    HeightTarget heights;
    std::chrono::milliseconds recent = kRecent;  ///< how long it goes by what it found for a window
  };
  explicit ArchiveLayer(Setup setup);
  ~ArchiveLayer() override;

  bool may_cover(const Lattice& lattice, const LatticeWindow& window) override;
  std::vector<SourceRevision> revisions(const Lattice& lattice,
                                        const LatticeWindow& window) override;
  LayerOutcome read(const LayerRequest& request, LayerPlanes& planes) override;
  std::optional<LonLatBox> lonlat_extent() override;
  std::size_t named_sources() const override;
  std::vector<SourceId> source_ids(bool look) override;
  bool revalidate() override;
  LayerInventory inventory(const InventoryRequest& request) override;

 private:
  struct Home;

  RecentAssets::Assets assets_near(const Lattice& lattice, const LatticeWindow& window);
  RecentAssets::Assets find_counted(const Lattice& lattice, CellIndex cell, Counters* counters);
  std::vector<Asset> find_near(const Lattice& lattice, const LatticeWindow& window);
  OpenCells::Files files_of(const Lattice& lattice, CellIndex cell, Counters* counters);
  /// `ask_again`: files that have been replaced since their edition was looked up are looked up
  /// once more.
  OpenCells::Files open_files(const Lattice& lattice, CellIndex cell, bool ask_again,
                              Counters* counters);
  std::vector<Home> open_homes(const LayerRequest& request);
  /// Again where a file was replaced between the opening of one cell and of another.
  std::vector<Home> open_homes_of_one_edition(const LayerRequest& request);
  Home open_home(const Lattice& lattice, CellIndex cell, Counters* counters);
  LayerOutcome read_homes(const LayerRequest& request, LayerPlanes& planes);
  bool sample_home(const LayerRequest& request, const Home& home, const BlockChoice& part,
                   LayerPlanes& planes);

  const Setup setup_;
  RecentAssets recent_assets_;
  std::atomic<std::uint64_t> replaced_{0};  ///< how often files were found to be replaced
  OpenCells open_cells_;
  std::mutex mutex_;
  std::set<SourceId> seen_;  ///< ids of every file opened so far
};

}  // namespace topobathy
