#include "cache/manage/cell_census.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "cache/cache_walk.h"
#include "cache/cell_facts.h"

namespace topobathy {
namespace {

void grow(CellSum& sum, const CellSum& other) {
  if (sum.cells == 0) {
    sum = other;
    return;
  }
  sum.cells += other.cells;
  sum.bytes += other.bytes;
  sum.left = std::min(sum.left, other.left);
  sum.bottom = std::min(sum.bottom, other.bottom);
  sum.right = std::max(sum.right, other.right);
  sum.top = std::max(sum.top, other.top);
}

void look(const std::string& root, const CacheEntry& entry, CellCensus& census) {
  const auto facts = read_cell_facts(root + "/" + std::string(entry.path));
  if (!facts) {
    ++census.unreadable;
    return;
  }
  const auto name = entry.item.tier == 2 ? entry.item.group : entry.item.provider;
  const CellGroup group{entry.item.tier, std::string(name), facts->crs, facts->pixel_size,
                        facts->level};
  grow(census.groups[group],
       {1, entry.size, facts->left(), facts->bottom(), facts->right(), facts->top()});
}

}  // namespace

CellCensus count_cells(const std::string& root, std::uint64_t most, std::size_t threads) {
  TierSet cells;
  cells.add(2);
  cells.add(3);
  std::vector<CellCensus> parts(threads);
  std::atomic<std::uint64_t> seen{0};
  WalkOptions options;
  options.threads = threads;
  options.enter = [&cells](std::string_view folder) { return may_hold(folder, cells); };
  walk_cache(root, options, [&](const CacheEntry& entry, std::size_t worker) {
    if (entry.item.kind != ItemKind::kFusedCell && entry.item.kind != ItemKind::kProviderCell)
      return;
    if (++seen > most)
      ++parts[worker].not_looked_at;
    else
      look(root, entry, parts[worker]);
  });
  CellCensus whole;
  for (const CellCensus& part : parts) {
    whole.unreadable += part.unreadable;
    whole.not_looked_at += part.not_looked_at;
    for (const auto& [group, sum] : part.groups)
      grow(whole.groups[group], sum);
  }
  return whole;
}

}  // namespace topobathy
