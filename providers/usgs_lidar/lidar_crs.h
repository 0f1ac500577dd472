#pragma once

#include <functional>
#include <string>

#include "providers/align/transformer.h"
#include "providers/usgs_lidar/las_header.h"

namespace topobathy {

/// What a cloud's coordinates count in.
struct LidarCrs {
  std::string horizontal;    ///< CRS of x and y, WKT or code
  std::string heights;       ///< vertical CRS in metres ("EPSG:5703", or WKT); "" = not stated
  double unit = 1.0;         ///< metres of one unit of x and y; a degree counts 111 320
  double height_unit = 1.0;  ///< metres of one unit of z
};

/// What an archive states of a cloud's CRS; asked only where the file does not say. "" = nothing.
using StatedCrs = std::function<std::string()>;

/// The CRS of a cloud: what its file states (WKT, a code), or where that says nothing of a place on
/// the Earth or of heights, what its archive states (null = nothing). Heights of a file without a
/// vertical CRS are in the unit of its x and y (as LAS has always been written); of one in degrees,
/// in metres. Heights in feet are turned into metres, so `heights` is the metric sister of the
/// file's vertical CRS. \throws Error(kUnsupported) neither states a CRS
LidarCrs lidar_crs(const std::string& name, const std::string& in_file,
                   const StatedCrs& in_archive);

/// What a LAS file states: its WKT record, else the codes among its GeoTIFF keys; "" = nothing.
std::string las_crs_text(const LasHeader& header);

/// Metres on the ground of one unit of x and y in the middle of a box: web Mercator's are short.
double ground_unit(const LidarCrs& crs, const CrsBox& box);

}  // namespace topobathy
