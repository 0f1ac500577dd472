#pragma once

#include <string>

#include "fusion/policy/policy.h"

namespace topobathy {

/// A blend as people read it: "overwrite", "metric_feather 200 m", "linear_blend 0.5".
std::string blend_text(const Blend& blend);

}  // namespace topobathy
