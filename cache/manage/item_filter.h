#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cache/cache_walk.h"
#include "cache/cell_facts.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// Where a cell lies and how large its pixels are.
struct CellPlace {
  LonLatBox box;       ///< west > east across the antimeridian
  double pixel = 0.0;  ///< metres, as policies state a resolution
};
/// Given by who knows PROJ; nothing where the CRS has no such place. Any thread.
using FindPlace = std::function<std::optional<CellPlace>(const CellFacts&)>;

/// Which items of a tier are meant; what is not set lets all through.
struct ItemFilter {
  std::optional<LonLatBox> bbox;             ///< tiers 1 to 3: the item's box overlaps it
  std::set<std::string> policies;            ///< tier 2: policy8
  std::string provider;                      ///< tiers 3 to 5: canonical name
  std::optional<int> level;                  ///< tiers 2 and 3
  std::optional<double> resolution;          ///< tiers 2 and 3: metres of a pixel, within 1 %
  std::optional<std::int64_t> unused_since;  ///< all: nanoseconds since 1970

  bool empty() const noexcept;
  /// Options in use that mean nothing for a tier: "--policy", ...
  std::vector<std::string> meaningless_for(int tier) const;
};

enum class Match {
  kYes,
  kNo,
  kUnknown,  ///< the cell does not say what the filter asks for
};
/// Reads the cell's attributes where the filter asks for what its path does not tell.
Match matches(const ItemFilter& filter, const std::string& root, const CacheEntry& entry,
              const FindPlace& place);

/// Whether two boxes share an area; an edge is none.
bool overlap(const LonLatBox& a, const LonLatBox& b) noexcept;
LonLatBox tile_box(const TilePlace& tile) noexcept;

}  // namespace topobathy
