#pragma once

#include "utils/serve/route.h"
#include "utils/serve/settings.h"

namespace topobathy {

/// 503: everything that could do it is busy, and as much waits as may.
ServiceAnswer busy_answer();
/// 413: the body is larger than the limit.
ServiceAnswer too_large_answer(const ServiceLimits& limits);

}  // namespace topobathy
