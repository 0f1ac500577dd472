#include "cache/manage/tier_set.h"

#include "fusion/policy/provider_table.h"

namespace topobathy {
namespace {

TierSet tiers_below(std::string_view folder) {
  const std::string_view first = folder.substr(0, folder.find('/'));
  TierSet found;
  if (first == "tiles") found.add(1);
  if (first == "fused_zarr") found.add(2);
  if (!found.empty() || canonical_provider(first) != first) return found;
  std::string_view second = folder.substr(first.size());
  if (second.empty()) {
    for (const int number : {3, 4, 5})
      found.add(number);
    return found;
  }
  second = second.substr(1, second.find('/', 1) - 1);
  if (second == "zarr" || second == "grids") found.add(3);
  if (second == "sidecars" || second == "tile_index") found.add(4);
  if (second == "raw") found.add(5);
  return found;
}

}  // namespace

std::vector<int> TierSet::numbers() const {
  std::vector<int> all;
  for (int number = 1; number <= kTierCount; ++number)
    if (has(number)) all.push_back(number);
  return all;
}

bool may_hold(std::string_view folder, const TierSet& wanted) {
  const TierSet found = tiers_below(folder);
  for (const int number : wanted.numbers())
    if (found.has(number)) return true;
  return false;
}

}  // namespace topobathy
