#include "fusion/step_revisions.h"

#include "fusion/sha256.h"

namespace topobathy {
namespace {

/// Kernels, coordinates and source overviews reach no further than this beyond a window and its
/// halo, in pixels.
constexpr std::int64_t kReach = 64;

/// With its length before it: no two lists of texts give the same bytes.
void add_text(Sha256& digest, const std::string& text) {
  const std::string length = std::to_string(text.size()) + ':';
  digest.update(length.data(), length.size());
  digest.update(text.data(), text.size());
}

}  // namespace

std::vector<SourceRevision> step_revisions(const PlannedStep& step, const Lattice& lattice,
                                           const LatticeWindow& window) {
  const Halo halo = step_halo(step, lattice, window);
  const LatticeWindow read = window.grow(halo.columns, halo.rows);
  if (step.zone && step.zone->classify(lattice, read) == ZoneMask::Cover::kOutside) return {};
  return step.source->revisions(lattice, read.grow(kReach, kReach));
}

std::string seen_steps(const std::vector<StepRevisions>& revisions) {
  std::string seen;
  for (const StepRevisions& step : revisions)
    seen += step ? '1' : '0';
  return seen;
}

std::string revisions_digest(const std::vector<StepRevisions>& revisions) {
  Sha256 digest;
  add_text(digest, seen_steps(revisions));
  for (const StepRevisions& step : revisions) {
    if (!step) continue;
    add_text(digest, std::to_string(step->size()));
    for (const SourceRevision& source : *step) {
      add_text(digest, source.source);
      add_text(digest, source.revision);
    }
  }
  return digest.hex();
}

}  // namespace topobathy
