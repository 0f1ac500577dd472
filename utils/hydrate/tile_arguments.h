#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "utils/hydrate/area_arguments.h"
#include "utils/hydrate/tile_plan.h"
#include "utils/open_arguments.h"

namespace topobathy {

/// What a hydration of tiles is to do: policy, area, zooms, looks. The same words mean the same
/// tiles, also when a job is gone on with.
class TileArguments {
 public:
  TileArguments() = default;
  TileArguments(const TileArguments&) = delete;  // the parser keeps references to the members
  TileArguments& operator=(const TileArguments&) = delete;

  void declare(CLI::App& arguments);
  /// All that was given, paths absolute: what a job that is gone on with is begun from.
  std::vector<std::string> words() const;
  /// Whether policy or area was given.
  bool given() const { return has_policy() || area_.given(); }
  bool has_policy() const noexcept { return !policy_.empty(); }

  /// \throws Error(kUsage): no area or several, or anything that no tile has
  void check() const;
  /// The same for who draws: no policy either.
  void check_policy() const;

  /// A list of tiles without a zoom is those tiles; else the area's of the zooms. \throws Error
  TilePlan plan() const;
  ZoomRange zooms() const;
  /// Of the area. Of a list of tiles the box around all. \throws Error
  LonLatBox bounds() const;
  /// The plan's request for one of its tiles.
  TileRequest request(const PlannedTile& tile) const;
  /// The zoom of the deepest pixels; of a list, which may name any, that of the default.
  int pixel_zoom() const;

  /// The policy and its cache. \throws Error
  OpenRequest open() const;
  /// Words of a worker's command line that open the same.
  std::vector<std::string> worker_words() const;
  /// Where the tiles go, absolute.
  std::string cache_root() const;
  /// The open options given, for who opens nothing here.
  bool has_open_options() const { return !open_.words("").empty(); }

 private:
  bool is_list() const { return !area_.tile_list().empty() && zooms_.empty(); }
  std::vector<TileLook> looks() const;
  std::vector<std::string> open_words() const;
  std::vector<std::string> look_words() const;

  AreaArguments area_;
  std::string policy_, zooms_;
  std::string styles_ = "chart", formats_ = "png";
  int tile_size_ = 256;
  std::optional<double> vmin_, vmax_;
  OpenArguments open_;
};

}  // namespace topobathy
