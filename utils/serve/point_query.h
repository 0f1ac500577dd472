#pragma once

#include <memory>

#include "utils/serve/checked_query.h"
#include "utils/serve/service.h"

/// What the routes of points share.
namespace topobathy {

/// `lat` and `lon`, both required.
QuerySpecs position_specs();
/// `zoom`, `policy`.
QuerySpecs point_grid_specs();
/// All lists one after the other.
QuerySpecs joined(std::initializer_list<QuerySpecs> lists);

/// Degrees, any turn round the world. \pre position_specs()
LonLat asked_position(const CheckedQuery& query);
/// The policy on its own grid or, with `zoom`, on that of the tiles with these pixels. \pre
/// point_grid_specs()
std::shared_ptr<FusedRaster> asked_raster(Service& service, const CheckedQuery& query);

/// What the policy's heights count from; null where it states nothing.
nlohmann::json datum_json(const Policy& policy);

}  // namespace topobathy
