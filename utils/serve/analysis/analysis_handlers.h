#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// POST /analyze: what reading a box would take; archives' catalogues are asked, nothing is
/// fetched.
ServiceAnswer analyze_box(Service& service, const ServiceRequest& request);
/// GET /quality/report: cliffs and steps between sources in a box.
ServiceAnswer quality_report(Service& service, const ServiceRequest& request);

/// Pixels that one report looks at.
constexpr std::int64_t kMostQualityPixels = 4'000'000;

}  // namespace topobathy
