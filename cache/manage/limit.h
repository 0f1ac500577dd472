#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cache/manage/purge.h"
#include "cache/manage/tier_set.h"

namespace topobathy {

struct LimitRequest {
  std::string root;
  std::uint64_t bytes = 0;  ///< that the whole cache may have
  TierSet tiers;            ///< from which items may go
  bool dry_run = false;
  std::size_t threads = 1;
};

struct LimitResult {
  std::uint64_t before = 0;  ///< bytes of the whole cache
  std::uint64_t after = 0;
  /// Of everything that may not go. Above the limit, nothing was removed.
  std::uint64_t fixed = 0;
  std::array<Removed, kTierCount> tiers;
  std::vector<PurgeFailure> failures;  ///< the first hundred
  std::uint64_t failed = 0;

  bool within(std::uint64_t limit) const noexcept { return after <= limit; }
};

/// Removes whole items until the cache is no larger than its limit: tier after tier in ascending
/// order, in each the least recently used first. Memory is bounded, whatever the number of files.
/// \throws Error(kCache)
LimitResult limit_cache(const LimitRequest& request);

}  // namespace topobathy
