#pragma once

#include <vector>

#include "fusion/fuse.h"

namespace topobathy {

/// The sources that the step's pixels of a window can depend on, its halo included, in a fixed
/// order. A step whose zone lies elsewhere is not asked. \throws Error
std::vector<SourceRevision> step_revisions(const PlannedStep& step, const Lattice& lattice,
                                           const LatticeWindow& window);

}  // namespace topobathy
