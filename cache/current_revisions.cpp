#include "cache/current_revisions.h"

#include <utility>

#include "fusion/error.h"
#include "fusion/step_revisions.h"

namespace topobathy {
namespace {

/// Windows remembered, some hundred bytes each beside the names of their sources.
constexpr std::size_t kRememberedWindows = 20000;

bool same_object(const std::weak_ptr<const FusedCell>& a, const CellPointer& b) noexcept {
  return !a.owner_before(b) && !b.owner_before(a);
}

}  // namespace

CurrentRevisions::Place CurrentRevisions::place_of(const Lattice& lattice,
                                                   const LatticeWindow& window) {
  return {lattice.level(), window.col, window.row, window.width, window.height};
}

bool CurrentRevisions::held(const Lattice& lattice, const CellPointer& cell) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = known_.find(place_of(lattice, cell->fused));
  return known != known_.end() && same_object(known->second.held, cell);
}

/// From the top down, up to the first that differs: what lies under a changed step may be hidden by
/// now.
bool CurrentRevisions::compare(const Lattice& lattice, const FusedCell& cell,
                               std::vector<Revisions>& asked) const {
  const auto& steps = plan_->steps;
  if (cell.revisions.size() != steps.size()) return false;
  for (std::size_t i = steps.size(); i-- > 0;) {
    if (!cell.revisions[i]) continue;
    if (!asked[i])
      asked[i] = std::make_shared<const std::vector<SourceRevision>>(
          step_revisions(steps[i], lattice, cell.fused));
    if (*asked[i] != *cell.revisions[i]) return false;
  }
  return true;
}

bool CurrentRevisions::check(const Lattice& lattice, const CellPointer& cell, bool anew) {
  const Place place = place_of(lattice, cell->fused);
  std::vector<Revisions> asked(plan_->steps.size());
  std::uint64_t generation = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    generation = generation_;
    if (const auto known = known_.find(place); known != known_.end() && !anew) {
      if (same_object(known->second.held, cell)) return true;
      asked = known->second.asked;
    }
  }
  bool same = false;
  try {
    same = compare(lattice, *cell, asked);
  } catch (const Error&) {
    return false;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (generation != generation_) return same;
  if (known_.size() >= kRememberedWindows) known_.clear();
  Known& known = known_[place];
  known.asked = std::move(asked);
  if (same) known.held = cell;
  return same;
}

/// The digest, from the top down like compare(): what was asked before is taken from `asked`.
std::string CurrentRevisions::ask(const Lattice& lattice, const LatticeWindow& fused,
                                  const std::string& seen, std::vector<Revisions>& asked) const {
  const auto& steps = plan_->steps;
  std::vector<StepRevisions> revisions(steps.size());
  for (std::size_t i = steps.size(); i-- > 0;) {
    if (seen[i] != '1') continue;
    if (!asked[i])
      asked[i] = std::make_shared<const std::vector<SourceRevision>>(
          step_revisions(steps[i], lattice, fused));
    revisions[i] = *asked[i];
  }
  return revisions_digest(revisions);
}

std::optional<std::string> CurrentRevisions::digest(const Lattice& lattice,
                                                    const LatticeWindow& fused,
                                                    const std::string& seen) {
  if (seen.size() != plan_->steps.size()) return std::nullopt;
  const Place place = place_of(lattice, fused);
  std::vector<Revisions> asked(plan_->steps.size());
  std::uint64_t generation = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    generation = generation_;
    if (const auto known = known_.find(place); known != known_.end()) {
      const auto& digests = known->second.digests;
      if (const auto told = digests.find(seen); told != digests.end()) return told->second;
      asked = known->second.asked;
    }
  }
  std::string digest;
  try {
    digest = ask(lattice, fused, seen, asked);
  } catch (const Error&) {
    return std::nullopt;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (generation != generation_) return digest;
  if (known_.size() >= kRememberedWindows) known_.clear();
  Known& known = known_[place];
  known.asked = std::move(asked);
  known.digests[seen] = digest;
  return digest;
}

void CurrentRevisions::forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  known_.clear();
  ++generation_;
}

}  // namespace topobathy
