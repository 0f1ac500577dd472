#pragma once

#include <chrono>

#include "fusion/policy/policy.h"
#include "providers/open.h"

namespace topobathy {

/// How long a served policy's sources are taken as they were looked at last. Zero for a few files
/// of this machine that the policy names one by one: a change shows in the next answer, and looking
/// takes microseconds. Lists of files (glob, index) are read again each second; archives and other
/// machines are asked every ten.
std::chrono::milliseconds look_interval(const Policy& policy);

/// Of the policy that a request names; that of lists where it cannot be read now.
std::chrono::milliseconds look_interval(const OpenRequest& request);

}  // namespace topobathy
