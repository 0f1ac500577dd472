#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "cache/cache_walk.h"
#include "cache/manage/tier_set.h"

namespace topobathy {

/// Cells of one lattice.
struct CellGroup {
  int tier = 0;
  std::string name;  ///< policy8, or the provider
  std::string crs;
  double pixel_size = 0.0;  ///< CRS units, at the level
  int level = 0;

  friend bool operator<(const CellGroup& a, const CellGroup& b) {
    return std::tie(a.tier, a.name, a.crs, a.pixel_size, a.level) <
           std::tie(b.tier, b.name, b.crs, b.pixel_size, b.level);
  }
};

struct CellSum {
  std::uint64_t cells = 0;
  std::uint64_t bytes = 0;
  double left = 0.0, bottom = 0.0, right = 0.0, top = 0.0;  ///< around all, CRS coordinates
};

struct CellCensus {
  std::map<CellGroup, CellSum> groups;
  std::uint64_t unreadable = 0;     ///< cells that do not say what they are
  std::uint64_t not_looked_at = 0;  ///< beyond `most`

  /// Asks a cell what it is. \pre the entry is a cell of tier 2 or 3
  void add(const std::string& root, const CacheEntry& cell);
  void add(const CellCensus& part);
};

/// Whether a file is one that a census asks.
bool is_cell(const CacheEntry& entry) noexcept;

}  // namespace topobathy
