#pragma once

#include <optional>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// The smallest box around all: sources on both sides of the antimeridian are one region across it,
/// not a belt round the world. West is in [-180, 180), east may pass 180, here and in the boxes
/// given. Nothing for no box.
std::optional<LonLatBox> lonlat_hull(const std::vector<LonLatBox>& boxes);

}  // namespace topobathy
