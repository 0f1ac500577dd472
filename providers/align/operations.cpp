#include "providers/align/operations.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fusion/error.h"

namespace topobathy {

LonLatBox rounded_outward(const LonLatBox& area) noexcept {
  const double south = std::max(-90.0, std::floor(area.south));
  const double north = std::min(90.0, std::ceil(area.north));
  const double west = std::floor(area.west);
  const double east = std::ceil(area.east);
  const double width = east < west ? east + 360.0 - west : east - west;
  if (!(width < 360.0)) return {-180.0, south, 180.0, north};
  return {west, south, east, north};
}

std::string area_key(const std::optional<LonLatBox>& area) {
  if (!area) return "anywhere";
  return std::to_string(area->west) + " " + std::to_string(area->south) + " " +
         std::to_string(area->east) + " " + std::to_string(area->north);
}

std::vector<ProjObject> operations_between(PJ_CONTEXT* context, const PJ* source, const PJ* target,
                                           const std::optional<LonLatBox>& area,
                                           bool with_missing_grids) {
  const ProjFactory factory(proj_create_operation_factory_context(context, nullptr));
  proj_operation_factory_context_set_spatial_criterion(context, factory.get(),
                                                       PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
  proj_operation_factory_context_set_grid_availability_use(
      context, factory.get(),
      with_missing_grids ? PROJ_GRID_AVAILABILITY_IGNORED
                         : PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
  if (area)
    proj_operation_factory_context_set_area_of_interest(context, factory.get(), area->west,
                                                        area->south, area->east, area->north);
  const ProjList list(proj_create_operations(context, source, target, factory.get()));
  std::vector<ProjObject> operations;
  const int count = list ? proj_list_get_count(list.get()) : 0;
  for (int i = 0; i < count; ++i)
    operations.emplace_back(proj_list_get(context, list.get(), i));
  return operations;
}

std::vector<UsedGrid> used_grids(PJ_CONTEXT* context, const PJ* operation) {
  std::vector<UsedGrid> grids;
  const int count = proj_coordoperation_get_grid_used_count(context, operation);
  for (int i = 0; i < count; ++i) {
    const char *name = nullptr, *path = nullptr, *package = nullptr, *url = nullptr;
    int available = 0;
    if (proj_coordoperation_get_grid_used(context, operation, i, &name, &path, &package, &url,
                                          nullptr, nullptr, &available) == 0)
      continue;
    const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
    grids.push_back(
        {text(name), text(path), available != 0, !text(package).empty() || !text(url).empty()});
  }
  return grids;
}

std::unique_ptr<const ProjOperation> ready_operation(ProjContext& context, const PJ* operation,
                                                     const ProjSetup& setup) {
  const char* stated_name = proj_get_name(operation);
  std::string name = stated_name != nullptr ? stated_name : "";
  ProjObject normalized(proj_normalize_for_visualization(context.get(), operation));
  if (!normalized)
    throw Error(ErrorCode::kInternal, "PROJ cannot run the operation '" + name + "'");
  return std::make_unique<const ProjOperation>(std::move(context), std::move(normalized),
                                               std::move(name), setup);
}

}  // namespace topobathy
