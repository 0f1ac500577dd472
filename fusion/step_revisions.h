#pragma once

#include <string>
#include <vector>

#include "fusion/fuse.h"

namespace topobathy {

/// The sources that the step's pixels of a window can depend on, its halo included, in a fixed
/// order. A step whose zone lies elsewhere is not asked. \throws Error
std::vector<SourceRevision> step_revisions(const PlannedStep& step, const Lattice& lattice,
                                           const LatticeWindow& window);

/// One digit a step, bottom-up: 1 = it was not hidden, so that its sources count.
std::string seen_steps(const std::vector<StepRevisions>& revisions);
/// SHA-256 over the revisions of the steps that were seen: other sources, other digest.
std::string revisions_digest(const std::vector<StepRevisions>& revisions);

}  // namespace topobathy
