#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "fusion/cell_plan.h"
#include "utils/hydrate/area_arguments.h"
#include "utils/open_arguments.h"

namespace topobathy {

/// What a hydration of cells is to do: policy, area, levels, share. The same words mean the same
/// cells, also when a job is gone on with.
class FuseArguments {
 public:
  FuseArguments() = default;
  FuseArguments(const FuseArguments&) = delete;  // the parser keeps references to the members
  FuseArguments& operator=(const FuseArguments&) = delete;

  void declare(CLI::App& arguments);
  /// All that was given, paths absolute: what a job that is gone on with is begun from.
  std::vector<std::string> words() const;
  /// Whether any of it was given.
  bool given() const;

  /// \throws Error(kUsage): no policy, no area or several, or a share that is none
  void check() const;
  HydrationArea area() const { return area_.area(); }
  /// Of the policy. Its bbox is the area's bounds, for policies without an extent of their own.
  OpenRequest request(const LonLatBox& bounds) const;
  /// Words of a worker's command line that open the same raster. `extent_is_bounds`: the policy
  /// states no extent, so that the bounds are the raster's.
  std::vector<std::string> worker_words(const LonLatBox& bounds, bool extent_is_bounds) const;
  /// \throws Error(kUsage): the raster has fewer levels
  int levels(const FusedRaster& raster) const;
  CellOrder order() const { return area_.order(); }
  Shard shard() const { return area_.shard(); }
  std::optional<int> zoom() const;
  /// As they were given: the box, the resolution in metres, the policy's file.
  const std::vector<double>& box() const noexcept { return area_.box(); }
  std::optional<double> resolution() const;
  const std::string& policy_path() const noexcept { return policy_; }
  /// Where the cells go, absolute.
  std::string cache_root() const;

 private:
  std::vector<std::string> open_words() const;

  AreaArguments area_;
  std::string policy_;
  int levels_ = 1;
  OpenArguments open_;
};

}  // namespace topobathy
