#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cache/single_flight.h"
#include "fusion/fuse.h"

namespace topobathy {

/// Whether cells were made from the sources as a plan sees them now. Asks only the steps that were
/// not hidden in the cell, from the top down, and remembers per window what they said. Thread-safe.
class CurrentRevisions {
 public:
  explicit CurrentRevisions(std::shared_ptr<const FusePlan> plan) : plan_(std::move(plan)) {}

  /// Whether this very cell was found to hold since the last forget(): the quick answer.
  bool held(const Lattice& lattice, const CellPointer& cell) const;
  /// Whether the cell holds. Sources that cannot tell are a "no": fusing will say why.
  bool hold(const Lattice& lattice, const CellPointer& cell) { return check(lattice, cell, false); }
  /// The same, and nothing remembered is relied on: whether the sources have changed since the cell
  /// was begun.
  bool hold_still(const Lattice& lattice, const CellPointer& cell) {
    return check(lattice, cell, true);
  }
  /// revisions_digest() of a window as it would be fused now, with these steps seen (seen_steps()).
  /// Nothing where a source cannot be asked, or `seen` is of another policy.
  std::optional<std::string> digest(const Lattice& lattice, const LatticeWindow& fused,
                                    const std::string& seen);
  /// To be called after the sources have looked at themselves and have found a change.
  void forget();

 private:
  using Place = std::tuple<int, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
  using Revisions = std::shared_ptr<const std::vector<SourceRevision>>;
  struct Known {
    std::vector<Revisions> asked;  ///< one a step, null = not asked
    std::weak_ptr<const FusedCell> held;
    std::map<std::string, std::string> digests;  ///< by the steps seen
  };
  static Place place_of(const Lattice& lattice, const LatticeWindow& window);
  bool check(const Lattice& lattice, const CellPointer& cell, bool anew);
  bool compare(const Lattice& lattice, const FusedCell& cell, std::vector<Revisions>& asked) const;
  std::string ask(const Lattice& lattice, const LatticeWindow& fused, const std::string& seen,
                  std::vector<Revisions>& asked) const;

  const std::shared_ptr<const FusePlan> plan_;
  mutable std::mutex mutex_;
  std::map<Place, Known> known_;
  /// Counts forget(): what was asked before one must not be remembered after it.
  std::uint64_t generation_ = 0;
};

}  // namespace topobathy
