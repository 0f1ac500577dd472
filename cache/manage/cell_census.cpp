#include "cache/manage/cell_census.h"

#include <algorithm>

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

}  // namespace

bool is_cell(const CacheEntry& entry) noexcept {
  return entry.item.kind == ItemKind::kFusedCell || entry.item.kind == ItemKind::kProviderCell;
}

void CellCensus::add(const std::string& root, const CacheEntry& cell) {
  const auto facts = read_cell_facts(root + "/" + std::string(cell.path));
  if (!facts) {
    ++unreadable;
    return;
  }
  const auto name = cell.item.tier == 2 ? cell.item.group : cell.item.provider;
  const CellGroup group{cell.item.tier, std::string(name), facts->crs, facts->pixel_size,
                        facts->level};
  grow(groups[group], {1, cell.size, facts->left(), facts->bottom(), facts->right(), facts->top()});
}

void CellCensus::add(const CellCensus& part) {
  unreadable += part.unreadable;
  not_looked_at += part.not_looked_at;
  for (const auto& [group, sum] : part.groups)
    grow(groups[group], sum);
}

}  // namespace topobathy
