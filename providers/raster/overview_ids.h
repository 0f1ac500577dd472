#pragma once

#include <cstdint>
#include <set>

#include "providers/raster/block_reader.h"

namespace topobathy {

/// Whether the overviews of a band of ids hold ids. A COG built with averaging overviews holds
/// means of ids there, which name nobody; then ids must be read at full resolution. Looks at the
/// coarsest overviews until it has seen a fair number of pixels: every value must be a whole number
/// and known. True for a file without overviews. \throws Error(kUnreadable)
bool overview_ids_exact(BlockReader& reader, int band, const std::set<std::int64_t>& known_values);

}  // namespace topobathy
