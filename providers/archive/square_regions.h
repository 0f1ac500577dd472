#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "providers/archive/discovery_cache.h"

namespace topobathy {

/// The discovery regions of an archive that is asked square by square: "<name>:<square>", squares
/// of `degrees`.
class SquareRegions {
 public:
  /// What the archive has in a square. Its note counts for nothing. \throws Error
  using AskSquare = std::function<Discovery(const LonLatBox& square)>;

  SquareRegions(std::string name, double degrees) : name_(std::move(name)), degrees_(degrees) {}

  /// The assets that touch the box, each id once, by id. \throws Error as DiscoveryCache::find()
  std::vector<Asset> find(DiscoveryCache& discovery, const LonLatBox& box,
                          const AskSquare& ask) const;
  /// The regions that an asset in the box is listed in.
  std::vector<std::string> names(const LonLatBox& box) const;

 private:
  std::string region_of(const DegreeSquare& square) const { return name_ + ":" + square.name; }

  const std::string name_;
  const double degrees_;
};

/// Each id once, by id: the last of several, as they were given.
std::vector<Asset> last_of_each_id(std::vector<Asset> assets);

}  // namespace topobathy
