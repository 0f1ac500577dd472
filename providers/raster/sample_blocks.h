#pragma once

#include <functional>

#include "fusion/layer_source.h"
#include "providers/raster/block_sampler.h"

namespace topobathy {

/// Which blocks (indices) a sampler is asked for; null = all that the request wants.
using BlockChoice = std::function<bool(std::int64_t col, std::int64_t row)>;

/// Fills the wanted blocks of a request and counts the work, NaN where the layer has nothing. \pre
/// the planes have the request's shape  \returns whether any pixel may have a value  \throws
/// Error(kUnreadable)
bool sample_blocks(BlockSampler& sampler, const LayerRequest& request, LayerPlanes& planes,
                   const BlockChoice& choice = nullptr);

}  // namespace topobathy
