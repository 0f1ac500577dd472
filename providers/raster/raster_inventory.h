#pragma once

#include <optional>
#include <vector>

#include "fusion/inventory.h"
#include "providers/raster/raster_catalogue.h"

namespace topobathy {

/// The files of a raster step for `analyze`, the one that lies on top first; then those that its
/// filter leaves out, as far as they lie in the box. Sizes are asked of the file system, or of the
/// server of a remote file.
/// \param near numbers of the files that are taken, ascending
/// \param box what they are near to, in EPSG:4326; nothing = nowhere
LayerInventory inventory_of_files(const RasterCatalogue& catalogue, const std::vector<int>& near,
                                  const std::optional<CrsBox>& box);

}  // namespace topobathy
