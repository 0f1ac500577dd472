#pragma once

#include <nlohmann/json.hpp>

#include "cache/hydration_job.h"

namespace topobathy {

/// A job as clients see it: what its file says (docs/hydration.md), without what is the server's
/// own: its machine, its command line, its paths.
nlohmann::json shown_job(const HydrationJob& job);

}  // namespace topobathy
