#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "cache/cell_memory.h"
#include "cache/cell_store.h"
#include "fusion/fuse.h"

namespace topobathy {

/// Gives the cells of one plan: from memory, from the cell store, or by fusing them, once for all
/// threads and processes. Thread-safe.
class CellService {
 public:
  struct Setup {
    std::shared_ptr<const FusePlan> plan;
    std::string policy_hash;
    std::string scope;  ///< see CellKey
    std::string crs_wkt;
    OverviewRule overview = OverviewRule::kMean;
    CacheMode mode = CacheMode::kReadWrite;
    std::string root;  ///< cache root, unused with kOff
    std::function<void(const std::string&)>
        warn;  ///< told once when a cell cannot be stored; any thread
  };
  explicit CellService(Setup setup);
  ~CellService();

  /// The cell with at least the bands asked for. With CacheMode::kOff nothing is kept for others:
  /// then perhaps only the part of it inside `useful`. \throws Error when a step fails under
  /// on_error: fail
  CellPointer cell(const Lattice& lattice, CellIndex index, const LatticeWindow& useful,
                   const BandSelection& bands, Counters* counters);
  const FusePlan& plan() const noexcept { return *setup_.plan; }
  /// Looks whether sources have changed since they were found.
  void revalidate();

 private:
  struct NamedKey {
    std::shared_ptr<const CellKey> key;
    std::string name;  ///< the same in every process, revisions included
  };
  void describe_steps();
  LatticeWindow part_of(const Lattice& lattice, CellIndex index, const LatticeWindow& useful) const;
  NamedKey key_of(const Lattice& lattice, CellIndex index);
  CellPointer stored(const CellKey& key, const BandSelection& bands, Counters* counters) const;
  void store(const CellKey& key, const FusedCell& cell);
  CellPointer make(const Lattice& lattice, const CellKey& key, const LatticeWindow& part,
                   const BandSelection& bands, Counters* counters);
  FusedCell shoalest(const Lattice& lattice, CellIndex index, const BandSelection& bands,
                     Counters* counters);

  const Setup setup_;
  const std::string memory_space_;
  CellStore store_;
  SingleFlight flight_;
  std::atomic<bool> warned_{false};
  std::once_flag described_;
  std::mutex mutex_;
  std::map<std::tuple<int, std::int64_t, std::int64_t>, NamedKey> keys_;
};

/// The process-wide memory of decoded cells.
CellMemory& cell_memory();

}  // namespace topobathy
