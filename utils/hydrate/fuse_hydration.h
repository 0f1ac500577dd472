#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cache/hydration_jobs.h"
#include "fusion/cell_plan.h"
#include "utils/hydrate/fuse_arguments.h"
#include "utils/hydrate/run_options.h"

namespace topobathy {

/// A hydration of cells: what was asked for, opened and planned.
class FuseHydration {
 public:
  /// Opens the policy. \throws Error
  explicit FuseHydration(const FuseArguments& arguments);

  const std::string& cache_root() const noexcept { return root_; }
  /// Whether there are more cells than that; goes through no more.
  bool has_more_than(std::uint64_t cells) const;
  /// The job with what is to be done: area, resolution, number of cells, how to go on.
  HydrationJob describe(HydrationJob job) const;
  /// Makes the cells; see HydrationRun::run(). `job`: gone on with, or a new one. `recorded`: what
  /// comes of each cell is kept for who asks (cell_record.h).
  int run(const RunOptions& options, HydrationJob job, bool recorded = false) const;

  struct Estimate {
    std::int64_t cells = 0;
    std::int64_t cached = 0;
    std::int64_t bytes = 0;  ///< of the cells that are not there yet, about
    std::vector<std::int64_t> by_level;
  };
  /// Makes nothing; looks which cells are there.
  Estimate estimate() const;

  const FusedRaster& raster() const noexcept { return *raster_; }

 private:
  CellPlan plan() const { return {areas_, arguments_.order(), arguments_.shard()}; }
  double resolution() const;
  std::string where(const std::string& unit) const;
  std::vector<std::string> worker_command(const RunOptions& options) const;

  const FuseArguments& arguments_;
  HydrationArea area_;
  OpenRequest request_;
  std::string root_;
  std::shared_ptr<FusedRaster> raster_;
  std::vector<PlannedArea> areas_;
};

}  // namespace topobathy
