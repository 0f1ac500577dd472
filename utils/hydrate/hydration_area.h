#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/cell_plan.h"
#include "fusion/fused_raster.h"

namespace topobathy {

/// Where to hydrate: a box, polygons or web tiles, in degrees.
struct HydrationArea {
  using Ring = std::vector<LonLat>;

  LonLatBox bounds;         ///< of all of it; east < west where it crosses the antimeridian
  std::vector<Ring> rings;  ///< even-odd; empty where the bounds are the area

  /// \throws Error(kUsage): not west, south, east, north of a box on the Earth
  static HydrationArea of_box(const std::vector<double>& box);
  /// All polygons of a file that GDAL reads (GeoJSON). \throws Error
  static HydrationArea of_file(const std::string& path);
  /// The web tiles that a text file names, one z/x/y a line. \throws Error
  static HydrationArea of_tile_list(const std::string& path);
};

/// The cells of an area on the levels [0, levels) of a raster, within the raster's extent: those
/// that hold a pixel of the area. On a grid whose axes are meridians and parallels a box is met to
/// the edge: a cell that only touches it is none of its own.
/// \throws Error(kUsage): the area lies outside the raster, or has no image in its CRS
std::vector<PlannedArea> planned_areas(const FusedRaster& raster, const HydrationArea& area,
                                       int levels);

}  // namespace topobathy
