#pragma once

#include <functional>
#include <map>
#include <string>

#include "fusion/fused_raster.h"

namespace topobathy {

/// What the pixels of an area were found to be.
struct AreaScan {
  bool has_value = false;                       ///< some pixel has an elevation
  std::map<SourceId, SourceRecord> sources;     ///< of level 0 and of the overviews read
  std::map<std::string, std::string> left_out;  ///< step -> why, under on_error: skip
};

/// Fuses all levels of a raster up to `coarsest`: after it they are in the cache, whoever reads
/// them. What goes wrong is thrown as it is, while behind GDAL it would be a text. \throws Error,
/// Error(kCancelled) when nobody waits any more
AreaScan scan_area(FusedRaster& raster, int coarsest, const std::function<bool()>& gone);

}  // namespace topobathy
