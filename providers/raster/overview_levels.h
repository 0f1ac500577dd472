#pragma once

#include <cstdint>
#include <vector>

#include "providers/raster/raster_layout.h"

namespace topobathy {

/// True if a reduced image of width x height can be the full one at one scale, up to the rounding
/// of its edges.
bool is_reduction_of(std::int64_t full_width, std::int64_t full_height, std::int64_t width,
                     std::int64_t height) noexcept;

/// The raster itself and those overviews that can be trusted, finest first (tile sizes are left
/// open): all bands have them in the same shape, they are reductions of the raster, they keep its
/// masks, and they are not read through a driver that is refused (a side-car may name any file).
/// \throws Error(kUnsupported) if the file's blocks are beyond all limits
std::vector<LevelLayout> usable_levels(GDALDataset& dataset, const OpenRecipe& recipe);

}  // namespace topobathy
