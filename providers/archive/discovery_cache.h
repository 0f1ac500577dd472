#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "providers/archive/asset.h"
#include "providers/http/clock.h"

namespace topobathy {

/// What asking an archive gave.
struct Discovery {
  std::vector<Asset> assets;
  std::int64_t seconds = 7 * 86400;  ///< how long it may be believed; negative answers: see below
  std::string note;                  ///< what the archive wants to remember of it (edition, ETag)
};

/// Tier 4: which assets an archive has where, in one SQLite file with an R-tree a provider, shared
/// by all threads and processes. A region is what is asked for at once: the whole of an archive
/// with an index of its own ("all"), or a square of degrees of one that is asked by boxes. A region
/// is known as a whole or not at all: an answer that failed is not kept, so an outage never looks
/// like no coverage. Thread-safe.
class DiscoveryCache {
 public:
  /// How long "nothing there" is believed at most, seconds.
  static constexpr std::int64_t kNegativeSeconds = 6 * 3600;
  /// After an archive did not answer and the old answer served, how long it is left alone.
  static constexpr std::int64_t kRetrySeconds = 60;

  struct Setup {
    std::string path;  ///< of the SQLite file; "" = in memory only
    bool read_only = false;
    bool offline = false;  ///< what is known is taken whatever its age
    Clock* clock = &system_clock();
    std::function<void(const std::string&)> warn;
  };
  explicit DiscoveryCache(Setup setup);
  ~DiscoveryCache();

  using Ask = std::function<Discovery(const std::string& old_note)>;
  /// The region's assets that touch the box (all its turns round the world), by id. Where the
  /// region is not known or has expired `ask` is run, once for all threads and processes; when that
  /// fails and the region was known, the old answer serves, with a warning. \throws Error what
  /// `ask` threw where nothing was known; offline: that nothing is known
  std::vector<Asset> find(const std::string& region, const LonLatBox& box, const Ask& ask);
  /// The next find() asks again (a listed file turned out to be gone). What is known stays, for the
  /// case that asking fails.
  void expire(const std::string& region);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The squares of `degrees` that a box touches, anchored to (0, 0), and their names
/// ("n40_w074": the south-west corner). Between -180 and 180; a box across the antimeridian has
/// squares on both sides. \pre degrees divides 1 or is a whole number that divides 180
struct DegreeSquare {
  std::string name;
  LonLatBox box;
};
std::vector<DegreeSquare> degree_squares(const LonLatBox& box, double degrees);

/// Whether two boxes have a point in common, any turn round the world.
bool touch(const LonLatBox& a, const LonLatBox& b) noexcept;

}  // namespace topobathy
