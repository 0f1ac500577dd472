#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/align/operations.h"
#include "providers/align/proj_crs.h"

/// Choosing the one operation that heights are shifted by; for VerticalShift.
namespace topobathy {

/// PROJ's best operation between two CRSs with heights as if every published grid were there (see
/// VerticalShift); null where there is none.
ProjObject best_shift(PJ_CONTEXT* context, const PJ* source, const PJ* target,
                      const std::optional<LonLatBox>& area);

/// Between horizontal CRSs, for positions only: the best that needs no grid, so that no shift
/// depends on horizontal grids; null where PROJ knows none (or nothing is to be done). A datum
/// moves points by some hundred metres at most, which is centimetres of a geoid.
ProjObject position_operation(PJ_CONTEXT* context, const PJ* source, const PJ* target,
                              const std::optional<LonLatBox>& area);

/// \throws Error(kUnsupported) naming the grids that are not there, and how to get them; `heights`
/// is "heights cannot be brought from A to B"
void require_grids(const std::string& heights, const std::vector<UsedGrid>& grids,
                   const ProjSetup& setup);

/// Whether PROJ's error is about the grid (unreadable, of an unknown kind, network) and not about a
/// point (outside of the grid, no value there).
bool is_grid_trouble(int proj_error) noexcept;

}  // namespace topobathy
