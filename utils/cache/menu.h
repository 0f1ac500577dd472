#pragma once

#include <functional>
#include <ostream>

#include "utils/cache/cache_request.h"

namespace topobathy {

/// Runs the check and returns its exit status.
using MenuCheck = std::function<int(std::ostream& out)>;

/// The menu of `topobathy cache` on a terminal: the table of tiers, counted anew each time, and one
/// key a choice. Ends with q, at the end of the input and with Ctrl-C. \pre can_ask()
/// \returns the exit status  \throws Error(kCache)
int run_menu(const CacheRequest& request, const MenuCheck& check);

}  // namespace topobathy
