#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "providers/archive/discovery_cache.h"

namespace topobathy {

/// What is known of a region.
struct KnownRegion {
  std::int64_t expires_at = 0;  ///< seconds since 1970; from then on the archive is asked again
  std::string note;
};

/// Regions and their assets in one SQLite database with an R-tree over the assets' boxes. Thread-
/// safe; a fork reopens the file. A damaged database knows nothing and is made anew by put().
class DiscoveryStore {
 public:
  /// `path` "" = in memory. Opens nothing yet.
  DiscoveryStore(std::string path, bool read_only);
  ~DiscoveryStore();

  std::optional<KnownRegion> region(const std::string& name);
  /// Assets of a known region that touch the box, by id. Nothing: the region is not known, or what
  /// is known of it is damaged.
  std::optional<std::vector<Asset>> find(const std::string& name, const LonLatBox& box);
  /// Replaces what is known of the region, in one transaction. \returns why that failed, or ""
  std::string put(const std::string& name, const Discovery& found, std::int64_t expires_at);
  void expire(const std::string& name);
  /// What went wrong with the file since it was last asked: damage, no access; "" = nothing.
  std::string trouble();

 private:
  struct Database;
  std::unique_ptr<Database> database_;
};

}  // namespace topobathy
