#include "cache/remap_sources.h"

#include <algorithm>
#include <unordered_map>

namespace topobathy {
namespace {

using IdMap = std::unordered_map<SourceId, SourceId>;

/// Old id -> new id, only of the rows where they differ.
IdMap changed_ids(const FusedCell& cell, SourceIds& ids) {
  IdMap changed;
  for (const auto& [id, record] : cell.sources) {
    if (id <= kBackgroundSource) continue;
    if (const SourceId assigned = ids.assign(record); assigned != id) changed[id] = assigned;
  }
  return changed;
}

SourceId renamed(const IdMap& changed, SourceId id) {
  const auto found = changed.find(id);
  return found == changed.end() ? id : found->second;
}

void rewrite(Plane<SourceId>& plane, const IdMap& changed) {
  SourceId last = kNoSource, replacement = kNoSource;  // neighbours share their source
  for (std::size_t i = 0; i < plane.size(); ++i) {
    SourceId& pixel = plane.data()[i];
    if (pixel != last) {
      last = pixel;
      replacement = renamed(changed, pixel);
    }
    pixel = replacement;
  }
}

}  // namespace

void remap_sources(FusedCell& cell, SourceIds& ids) {
  const IdMap changed = changed_ids(cell, ids);
  if (changed.empty()) return;
  rewrite(cell.source, changed);
  for (auto& row : cell.sources)
    row.first = renamed(changed, row.first);
  std::sort(cell.sources.begin(), cell.sources.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
}

bool has_ids_of(const FusedCell& cell, SourceIds& ids) {
  return cell.source.empty() || changed_ids(cell, ids).empty();
}

}  // namespace topobathy
