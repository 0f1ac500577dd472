#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fusion/fused_raster.h"

namespace topobathy {

/// What the pixels below some positions hold, one each.
struct PointSamples {
  std::vector<float> elevation;  ///< NaN = none, as in the next
  std::vector<float> uncertainty;
  std::vector<SourceId> source;
  std::map<SourceId, SourceRecord> sources;  ///< of those in `source`
  std::string left_out;                      ///< a step that on_error: skip has left out
};

/// Reads them: the positions that one cell holds by one window, cells side by side. \param
/// most_cells that may have to be fused  \throws HttpError(422): they lie in more; Error, of which
/// kCancelled when `gone` says so
PointSamples sample_points(FusedRaster& raster, int level, const std::vector<LonLat>& positions,
                           std::size_t most_cells, const std::function<bool()>& gone);

}  // namespace topobathy
