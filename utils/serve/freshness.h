#pragma once

#include <string>

#include "utils/serve/route.h"

namespace topobathy {

/// How long an answer about fused pixels may be kept by others: they ask each time whether it still
/// holds (an edited policy or a changed source shows at once), and an incomplete one not at all; it
/// names the step that was left out in X-Topobathy-Incomplete.
void add_freshness(ServiceAnswer& answer, const std::string& left_out);

}  // namespace topobathy
