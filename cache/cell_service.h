#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "cache/cell_memory.h"
#include "cache/cell_store.h"
#include "cache/current_revisions.h"
#include "fusion/error.h"
#include "fusion/fuse.h"
#include "fusion/fused_raster.h"

namespace topobathy {

/// What a reader wants with a cell.
struct CellUse {
  LatticeWindow read;    ///< pixels read now
  LatticeWindow around;  ///< pixels that the reads after this one will likely ask for, `read` too
  bool last = false;     ///< nobody is expected to ask for these pixels again
  bool alone = false;    ///< `read` is to be made by itself, across cells, if nothing is stored
};

/// Gives the cells of one plan: from memory, from the cell store, or by fusing them, once for all
/// threads and processes. Thread-safe.
class CellService {
 public:
  struct Setup {
    std::shared_ptr<const FusePlan> plan;
    std::string policy_hash;
    std::string policy_name = {};  ///< of the copy that is kept beside the first stored cell
    std::string policy_text = {};  ///< of the copy; "" = none is kept
    std::string scope;             ///< see CellKey
    std::string crs_wkt;
    OverviewRule overview = OverviewRule::kMean;
    CacheMode mode = CacheMode::kReadWrite;
    std::string root;  ///< cache root, a folder; unused with kOff
    /// Told once when a cell cannot be stored or looked for, and of each step left out; any thread.
    std::function<void(const std::string&)> warn;
    /// Where cells lie, if not below the root: that then has all else (locks, ids).
    std::shared_ptr<ObjectStore> objects = nullptr;
  };
  explicit CellService(Setup setup);
  ~CellService();

  /// The cell, or a part of it that holds what it has of `use.read`, with at least the bands asked
  /// for. \throws Error when a step fails under on_error: fail
  CellPointer cell(const Lattice& lattice, CellIndex index, const CellUse& use,
                   const BandSelection& bands, Counters* counters);
  /// See FusedRaster::hydrate.
  HydratedCell hydrate(const Lattice& lattice, CellIndex index, Counters* counters);
  /// See FusedRaster::stored.
  StoredCells stored_cells(const Lattice& lattice, const std::vector<CellIndex>& cells);
  const FusePlan& plan() const noexcept { return *setup_.plan; }
  /// Whether no more need be made than what is read: nothing is stored for others.
  bool makes_parts() const noexcept;
  /// Whether cells come from the store with all bands, whatever was asked for: where each look is a
  /// request of its own, the next band or line must find the cell in memory.
  bool reads_all() const noexcept { return setup_.objects != nullptr; }
  /// How many of these cells are on disk, made from the sources as they are now. Fuses nothing;
  /// \param silent one a step: its sources cannot be asked, so that a cell that shows them does not
  /// count. Nothing without a cache
  std::optional<CellCount> count_stored(const Lattice& lattice, const std::vector<CellIndex>& cells,
                                        const std::vector<bool>& silent);
  /// FusedRaster::revisions_now().
  std::optional<std::string> revisions_now(const Lattice& lattice, const LatticeWindow& fused,
                                           const std::string& seen) {
    return current_.digest(lattice, fused, seen);
  }
  /// Looks whether sources have changed since they were found.
  void revalidate();

 private:
  /// A cell, or the part of it that is made, by its names. Which revision of it is wanted is no
  /// part of them: what its sources were stands in the cell.
  struct Named {
    CellKey key;
    LatticeWindow part;
    std::string name;       ///< the same in every process
    std::string in_memory;  ///< in cell_memory()
  };
  using NamedPointer = std::shared_ptr<const Named>;
  void describe_steps();
  NamedPointer name_of(const Lattice& lattice, CellIndex index, const LatticeWindow& part);
  CellPointer recall(const Named& named, const BandSelection& bands);
  void tell_trouble(const Error& error);
  std::optional<CellStore::Described> described(const CellKey& key);
  CellPointer stored(const Named& named, const BandSelection& bands, Counters* counters);
  CellPointer find(const Named& whole, const Named& part, const BandSelection& bands,
                   Counters* counters);
  /// A cell that the store did not have just now. \param[out] made_here it was made for this call,
  /// not found, nor made by others
  CellPointer make_once(const Named& named, bool keep, const BandSelection& bands,
                        Counters* counters, bool& made_here);
  std::string store(const CellKey& key, const FusedCell& cell);
  bool holds(const CellKey& key, const std::optional<CellStore::Described>& stored);
  bool was_put(const std::string& name, bool now);
  void require_written_cache() const;
  HydratedCell make_stored(const CellKey& key, Counters* counters);
  void keep_policy();
  CellPointer make(const Named& named, bool keep, const BandSelection& bands, Counters* counters);
  void tell_losses(const FusedCell& cell);
  FusedCell shoalest(const Lattice& lattice, CellIndex index, const BandSelection& bands,
                     Counters* counters);
  std::vector<StepRevisions> revisions_above(const std::array<CellPointer, 4>& quarters,
                                             const Lattice& lattice, CellIndex index);

  const Setup setup_;
  const std::string memory_space_;
  CellStore store_;
  SingleFlight flight_;
  CurrentRevisions current_;
  std::once_flag described_;
  std::once_flag policy_kept_;
  std::mutex mutex_;
  std::set<std::string> told_steps_;  ///< whose failure was told
  /// Cells that are hydrated now, by name, and whether this service has put them meanwhile.
  std::map<std::string, bool> awaited_;
  /// By level and part.
  std::map<std::tuple<int, std::int64_t, std::int64_t, std::int64_t, std::int64_t>, NamedPointer>
      names_;
};

/// The process-wide memory of decoded cells.
CellMemory& cell_memory();

}  // namespace topobathy
