#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "cache/manage/item_filter.h"
#include "cache/manage/tier_set.h"

namespace topobathy {

/// What POST /api/v1/cache/purge asks for.
struct PurgeOrder {
  TierSet tiers;
  ItemFilter filter;                ///< of all tiers
  std::set<std::string> of_tier_2;  ///< policy8; empty = all
  bool dry_run = true;
};

/// \param root of the cache: knows policies by name
/// \throws HttpError(400): no JSON, no tier, a filter that means nothing for one, tier 5 without
/// yes; HttpError(422): a member is unknown or out of range
PurgeOrder read_purge_order(const std::string& body, const std::string& root);
/// Whether the body asks to look only; false where it is no sound order. Never throws.
bool is_dry_run(const std::string& body) noexcept;
nlohmann::json purge_order_schema();

}  // namespace topobathy
