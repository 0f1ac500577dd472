#pragma once

#include <array>
#include <memory>

#include "fusion/fused_cell.h"

namespace topobathy {

/// The cell above four cells of the next finer level (upper left, upper right, lower left, lower
/// right): each pixel takes the shoalest (largest) elevation of the four beneath it, with that
/// pixel's uncertainty and source, so that no coarse pixel is deeper than what it covers. The
/// outcomes count pixels of the finer level. The revisions are left to the caller.
FusedCell shoalest_of(const std::array<std::shared_ptr<const FusedCell>, 4>& quarters,
                      const LatticeWindow& window);

}  // namespace topobathy
