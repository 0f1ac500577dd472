#include "providers/datum/shift_operation.h"

#include <algorithm>

#include "fusion/error.h"

namespace topobathy {

ProjObject best_shift(PJ_CONTEXT* context, const PJ* source, const PJ* target,
                      const std::optional<LonLatBox>& area) {
  for (auto& operation : operations_between(context, source, target, area, true)) {
    if (proj_coordoperation_has_ballpark_transformation(context, operation.get()) == 1) continue;
    // PROJ puts a file of another publisher first as soon as somebody has it: so never take one.
    const auto grids = used_grids(context, operation.get());
    if (std::all_of(grids.begin(), grids.end(),
                    [](const UsedGrid& grid) { return grid.published; }))
      return std::move(operation);
  }
  return nullptr;
}

ProjObject position_operation(PJ_CONTEXT* context, const PJ* source, const PJ* target,
                              const std::optional<LonLatBox>& area) {
  if (equivalent_crs(context, source, target)) return nullptr;
  for (auto& operation : operations_between(context, source, target, area, true))
    if (proj_coordoperation_has_ballpark_transformation(context, operation.get()) != 1 &&
        used_grids(context, operation.get()).empty())
      return std::move(operation);
  return nullptr;
}

void require_grids(const std::string& heights, const std::vector<UsedGrid>& grids,
                   const ProjSetup& setup) {
  std::string names;
  int missing = 0;
  for (const UsedGrid& grid : grids) {
    if (grid.available) continue;
    names += (names.empty() ? "" : ", ") + grid.name;
    ++missing;
  }
  if (missing == 0) return;
  const std::string lack = missing == 1 ? "grid " + names + " is not installed; put it into a"
                                        : "grids " + names + " are not installed; put them into a";
  const std::string network =
      setup.network.empty() ? ", or read it over the network with TOPOBATHY_PROJ_NETWORK=ON" : "";
  throw Error(ErrorCode::kUnsupported,
              heights + ": " + lack +
                  " PROJ data directory (projsync --file NAME fetches it), name its directory in "
                  "TOPOBATHY_PROJ_DATA or PROJ_DATA" +
                  network);
}

bool is_grid_trouble(int proj_error) noexcept {
  return proj_error != 0 && (proj_error & PROJ_ERR_COORD_TRANSFM) == 0;
}

}  // namespace topobathy
