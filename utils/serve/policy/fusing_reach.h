#pragma once

#include <string>

#include "fusion/policy/policy.h"

namespace topobathy {

/// Ground metres that a policy looks beyond a cell: its longest feather and the widest gap it
/// fills.
double fusing_reach(const Policy& policy) noexcept;

/// Why pixels of so many metres are too fine for a request on this policy: fusing a single one
/// would read the surroundings within fusing_reach(). "" = they are not.
std::string why_too_far(const Policy& policy, double resolution);

}  // namespace topobathy
