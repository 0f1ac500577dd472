#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cache/manage/item_filter.h"
#include "cache/manage/summary.h"
#include "cache/manage/tier_set.h"

namespace topobathy {

struct PurgeRequest {
  std::string root;
  TierSet tiers;
  ItemFilter filter;
  FindPlace place;  ///< needed by a filter of bbox or resolution
  bool dry_run = false;
  std::size_t threads = 1;
  /// Told each item that is purged, or would be; one call at a time. May be empty.
  std::function<void(std::string_view path, std::uint64_t bytes)> each;
};

struct PurgeFailure {
  std::string path;
  std::string why;
};

/// What was removed, or would be.
struct Removed {
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
};

struct PurgeResult {
  std::array<Removed, kTierCount> tiers;
  /// By style, policy8 or provider.
  std::array<std::map<std::string, Removed, std::less<>>, kTierCount> groups;
  std::vector<PurgeFailure> failures;  ///< the first hundred
  std::uint64_t failed = 0;
  std::uint64_t unknown = 0;  ///< items that do not say what the filter asks for, left alone
  WalkResult walk;

  Removed all() const noexcept;
};

/// Deletes whole items of some tiers while others read and write; nothing else is touched.
/// \throws Error(kCache)
PurgeResult purge_cache(const PurgeRequest& request);

}  // namespace topobathy
