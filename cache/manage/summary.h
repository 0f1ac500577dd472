#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "cache/cache_walk.h"

namespace topobathy {

/// Of some files.
struct FileSum {
  std::uint64_t items = 0;  ///< what is purged as one
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::int64_t oldest = 0;  ///< use of an item, nanoseconds since 1970; 0 = there is none
  std::int64_t newest = 0;

  void add(const CacheEntry& entry) noexcept;
  void add(const FileSum& other) noexcept;
};

using FileSums = std::map<std::string, FileSum, std::less<>>;

/// What lies below a cache root. Its size grows with the number of styles, policies and providers,
/// not with that of files.
struct CacheSummary {
  std::array<FileSum, kTierCount> tiers;
  /// Of a tier by style ("visual/hillshade", "data"), policy8, or provider; the files of tier 4 by
  /// path, those in folders ("noaa_bluetopo/sidecars/") together.
  std::array<FileSums, kTierCount> groups;
  FileSums companions;  ///< of tier 1, by style and "_meta.json" or "_src.npz"
  FileSums beside;      ///< what is in no tier, by to_text(ItemKind)
  FileSum all;
  WalkResult walk;

  void add(const CacheEntry& entry);
  void add(const CacheSummary& part);
  const FileSum& of_tier(int number) const { return tiers[static_cast<std::size_t>(number - 1)]; }
  const FileSums& groups_of(int number) const {
    return groups[static_cast<std::size_t>(number - 1)];
  }
};

/// One walk. \throws Error(kCache)
CacheSummary summarise_cache(const std::string& root, std::size_t threads);

/// Whether a database is not more than what purging leaves of it: it counts for no item.
bool is_emptied(const CacheEntry& entry) noexcept;

}  // namespace topobathy
