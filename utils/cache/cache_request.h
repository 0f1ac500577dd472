#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cache/manage/item_filter.h"
#include "cache/manage/tier_set.h"

namespace topobathy {

/// What every verb of `topobathy cache` is asked.
struct CacheRequest {
  std::string root;
  bool json = false;
  bool dry_run = false;
  bool yes = false;
  std::size_t threads = 1;
};

/// Options that narrow a purge, as given.
struct FilterArguments {
  std::string bbox;
  std::vector<std::string> policies;
  std::string provider;
  std::optional<int> level;
  std::optional<double> resolution;
  std::string older_than;
};

/// \throws Error(kUsage) one of them is no such thing
ItemFilter make_filter(const FilterArguments& given, const std::string& root);

/// "1", "all", ... \throws Error(kUsage) naming the valid ones
TierSet parse_tiers(const std::string& option, const std::vector<std::string>& words);

/// \throws Error(kUsage): a filter means nothing for one of the tiers; the message says for which
/// it does
void require_filters_apply(const ItemFilter& filter, const TierSet& tiers);

/// Where cells lie, by PROJ.
FindPlace proj_places();

}  // namespace topobathy
