#pragma once

#include <ostream>
#include <vector>

#include "cache/hydration_job.h"

namespace topobathy {

/// As a table, or as JSON with all that the files say.
void print_jobs(std::ostream& out, const std::vector<HydrationJob>& jobs, bool json);

}  // namespace topobathy
