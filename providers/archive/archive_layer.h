#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "fusion/layer_source.h"
#include "providers/archive/archive.h"
#include "providers/datum/height_target.h"
#include "providers/raster/catalogue_ids.h"
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

 private:
  struct CellFiles;
  struct Slot;
  using CellName = std::tuple<int, std::int64_t, std::int64_t>;  ///< level, column, row

  std::vector<Asset> assets_near(const Lattice& lattice, const LatticeWindow& window);
  std::shared_ptr<const CellFiles> files_of(const Lattice& lattice, CellIndex cell);
  /// `ask_again`: files that have been replaced since their edition was looked up are looked up
  /// once more.
  std::shared_ptr<const CellFiles> open_files(const Lattice& lattice, CellIndex cell,
                                              bool ask_again);
  std::shared_ptr<Slot> slot_of(const CellName& name);
  LayerOutcome read_homes(const LayerRequest& request, LayerPlanes& planes);
  bool read_cell(const LayerRequest& request, CellIndex cell, LayerPlanes& planes,
                 std::string& lost);

  const Setup setup_;
  std::atomic<std::uint64_t> replaced_{0};  ///< how often files were found to be replaced
  std::mutex mutex_;
  std::map<CellName, std::shared_ptr<Slot>> slots_;
  std::vector<CellName> recent_;  ///< the slots, the latest last
  std::set<SourceId> seen_;       ///< ids of every file opened so far
};

}  // namespace topobathy
