#pragma once

#include <cstdint>
#include <ostream>

#include "utils/cache/cache_request.h"

/// What `topobathy cache` does, a file a verb. Each: the answer goes to `out`, what is wrong to
/// std::cerr. \returns the exit status  \throws Error
namespace topobathy {

/// Sizes by tier. With `hint`, what else there is to ask.
int run_summary(const CacheRequest& request, bool hint, std::ostream& out);

/// With `every`, each cell is asked for its place, not the first 50,000 alone.
int run_status(const CacheRequest& request, bool every, std::ostream& out);

int run_info(const CacheRequest& request, std::ostream& out);

/// Asks on a terminal unless request.yes. \throws Error(kUsage) neither can be
int run_purge(const CacheRequest& request, const TierSet& tiers, const ItemFilter& filter,
              std::ostream& out);

/// Says nothing where nothing is to be done.
int run_limit(const CacheRequest& request, const TierSet& tiers, std::uint64_t bytes,
              std::ostream& out);

}  // namespace topobathy
