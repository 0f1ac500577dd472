#pragma once

#include <string>
#include <vector>

#include "cache/hydration_jobs.h"
#include "utils/hydrate/run_options.h"
#include "utils/hydrate/tile_arguments.h"

namespace topobathy {

/// A hydration of tiles: what was asked for, opened and planned.
class TileHydration {
 public:
  /// Opens the policy and goes through the plan. \throws Error
  explicit TileHydration(const TileArguments& arguments);

  /// Where jobs of this cache are.
  const std::string& cache_root() const noexcept { return root_; }
  /// Makes the tiles; see HydrationRun::run(). `job`: gone on with, or a new one.
  int run(const RunOptions& options, HydrationJob job) const;

  struct Estimate {
    std::int64_t tiles = 0;
    std::int64_t cached = 0;  ///< files that are there; whether they still hold is not looked at
    std::int64_t bytes = 0;   ///< of the tiles that are not there yet, at most about
    std::vector<std::int64_t> by_zoom;
  };
  /// Makes nothing; looks which tiles are there.
  Estimate estimate() const;

 private:
  std::vector<std::string> worker_command(const RunOptions& options) const;

  const TileArguments& arguments_;
  std::string root_;
  std::string greeting_;
  std::vector<std::int64_t> by_zoom_;
};

/// "tile 13/2486/3002 chart png", for people.
std::string text_of(const PlannedTile& tile);

}  // namespace topobathy
