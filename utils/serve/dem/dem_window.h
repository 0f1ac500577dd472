#pragma once

#include <functional>
#include <map>
#include <optional>

#include "fusion/fused_raster.h"
#include "utils/serve/dem/cell_catalogue.h"
#include "utils/serve/parameters/parameters.h"

namespace topobathy {

/// What of a dataset is wanted: every `stride`-th pixel of a window of the level's lattice.
struct DemWindow {
  LatticeWindow window;
  std::int64_t stride = 1;

  std::int64_t width() const noexcept { return ceil_div(window.width, stride); }
  std::int64_t height() const noexcept { return ceil_div(window.height, stride); }
};

extern const Parameters::Names kDemWindowNames;

/// `bbox` (degrees), or `col`, `row`, `width`, `height` (pixels from the dataset's upper left), by
/// default all; `max_dim`: the longer side has at most so many pixels. \throws HttpError(400);
/// (404): the box is beside the dataset
DemWindow asked_dem_window(const Parameters& query, const DemDataset& dataset);

/// The pixels that lie in stored cells; others have no value. Memory: the answer and one cell.
/// Planes that are not in `bands` stay empty. \throws HttpError(413): too many cells at once,
/// Error(kCancelled)
struct DemPlanes {
  Plane<float> elevation;
  Plane<SourceId> source;
  std::map<SourceId, SourceRecord> sources;  ///< of all cells read
};
DemPlanes read_dem(const std::string& root, const DemDataset& dataset, const DemWindow& window,
                   const BandSelection& bands, const std::function<bool()>& gone);

}  // namespace topobathy
