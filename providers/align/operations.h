#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/align/proj_handles.h"

/// Choosing among PROJ's operations between two CRSs; for the code in providers/ that talks to
/// PROJ.
namespace topobathy {

/// Whole degrees around a box, so that neighbouring files are served by one choice. Latitudes
/// clamp, a turn and more is the whole world.
LonLatBox rounded_outward(const LonLatBox& area) noexcept;
/// A box as part of a cache key.
std::string area_key(const std::optional<LonLatBox>& area);

/// PROJ's list for two CRSs, best first, also those whose grids are missing if
/// `with_missing_grids`. Operations for other areas than `area` are not in it.
std::vector<ProjObject> operations_between(PJ_CONTEXT* context, const PJ* source, const PJ* target,
                                           const std::optional<LonLatBox>& area,
                                           bool with_missing_grids);
/// A grid that an operation needs.
struct UsedGrid {
  std::string name;        ///< of the file, as PROJ's database has it
  std::string path;        ///< where it was found; "" = not on this machine
  bool available = false;  ///< on this machine, or over the network where that is on
  bool published = false;  ///< PROJ's database tells where it can be had
};
std::vector<UsedGrid> used_grids(PJ_CONTEXT* context, const PJ* operation);

/// The operation in x/y (lon/lat) order, ready to run. `operation` belongs to `context`, which is
/// taken over; it was made with `setup`. \throws Error(kInternal) and then leaves the context
std::unique_ptr<const ProjOperation> ready_operation(ProjContext& context, const PJ* operation,
                                                     const ProjSetup& setup = {});

}  // namespace topobathy
