#pragma once

#include "fusion/policy/policy.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// Which of overlapping projects lies on top, as one number that only the project and the filter
/// decide: first the place in the filter's project_id list (the earlier the higher), then
/// "topobathy" in the name, the year, the datum (geoid 18, NAVD88, unknown, ellipsoid), the
/// project's number. \param project with its facts. Exact: 53 bits.
double project_rank(const Filter& filter, const Asset& project);

}  // namespace topobathy
