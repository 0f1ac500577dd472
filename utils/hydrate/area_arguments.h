#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "fusion/cell_plan.h"
#include "utils/hydrate/hydration_area.h"

namespace topobathy {

/// Where to hydrate, which share of it, and what comes first: the same words for cells and tiles.
class AreaArguments {
 public:
  AreaArguments() = default;
  AreaArguments(const AreaArguments&) = delete;  // the parser keeps references to the members
  AreaArguments& operator=(const AreaArguments&) = delete;

  /// `units`: what is made, "cells".
  void declare(CLI::App& arguments, const std::string& units);
  /// All that was given, paths absolute.
  std::vector<std::string> words() const;
  /// Whether an area was given.
  bool given() const noexcept;

  /// \throws Error(kUsage): no area or several, or a share that is none
  void check() const;
  HydrationArea area() const;
  CellOrder order() const;
  Shard shard() const;

  const std::vector<double>& box() const noexcept { return box_; }
  const std::string& tile_list() const noexcept { return tiles_; }
  /// The options given that are more than a box ("--aoi"), for who takes boxes only.
  std::vector<std::string> beyond_a_box() const;

 private:
  std::vector<double> box_;
  std::string aoi_, tiles_, shard_, order_ = "rows";
};

/// Parses what words() said. \throws Error(kUsage): another version of the program wrote them
void parse_saved(CLI::App& parser, const std::vector<std::string>& words);

/// Arguments (FuseArguments, TileArguments) as a job's file has them. \throws Error as parse_saved
template <class Arguments>
class SavedArguments {
 public:
  explicit SavedArguments(const std::vector<std::string>& words) {
    arguments_.declare(parser_);
    parse_saved(parser_, words);
  }
  const Arguments& get() const noexcept { return arguments_; }

 private:
  CLI::App parser_;
  Arguments arguments_;
};

/// The path as another process sees it that starts elsewhere; "" and what GDAL reads (/vsi...,
/// URLs) stay.
std::string absolute_path(const std::string& path);
/// Adds option and value unless the value is empty.
void add_words(std::vector<std::string>& words, const char* option, const std::string& value);

}  // namespace topobathy
