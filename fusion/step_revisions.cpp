#include "fusion/step_revisions.h"

namespace topobathy {
namespace {

/// Kernels, coordinates and source overviews reach no further than this beyond a window and its
/// halo, in pixels.
constexpr std::int64_t kReach = 64;

}  // namespace

std::vector<SourceRevision> step_revisions(const PlannedStep& step, const Lattice& lattice,
                                           const LatticeWindow& window) {
  const Halo halo = step_halo(step, lattice, window);
  const LatticeWindow read = window.grow(halo.columns, halo.rows);
  if (step.zone && step.zone->classify(lattice, read) == ZoneMask::Cover::kOutside) return {};
  return step.source->revisions(lattice, read.grow(kReach, kReach));
}

}  // namespace topobathy
