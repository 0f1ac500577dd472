#pragma once

#include <string>
#include <vector>

#include "providers/align/transformer.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// Surveys as EPT in the bucket usgs-lidar-public, all in EPSG:3857. Their outlines:
inline constexpr char kEptIndex[] =
    "https://raw.githubusercontent.com/hobuinc/usgs-lidar/master/boundaries/resources.geojson";
inline constexpr char kEptBase[] = "https://s3-us-west-2.amazonaws.com/usgs-lidar-public/";
inline constexpr char kEptCrs[] = "EPSG:3857";
/// Side of the squares that a survey is gridded by, units of EPSG:3857, anchored to (0, 0).
inline constexpr double kEptTile = 1024.0;

/// An asset for each polygon of each survey's outline (id "<survey>#<n>"): they stand for what is
/// split into tiles later. `skipped`: names that cannot be part of a URL. \throws
/// Error(kUnreadable) no such index
std::vector<Asset> parse_ept_index(const std::string& json, std::vector<std::string>& skipped);

/// The tiles of such parts that touch the box, each once, id "<survey>/<column>_<row>". \throws
/// Error(kUnsupported) more than 100 000 of them
std::vector<Asset> ept_tiles(const std::vector<Asset>& parts, const LonLatBox& box);

/// The square of a tile by its id. \throws Error(kInternal) no tile's
CrsBox ept_tile_box(const std::string& id);

}  // namespace topobathy
