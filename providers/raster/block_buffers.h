#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "providers/raster/block_reader.h"

namespace topobathy {

using BlockBuffer = std::shared_ptr<std::vector<float>>;

/// A buffer for a tile of `pixels`; its content is arbitrary. When its last owner lets go, it is
/// kept for the next tile of that size. Thread-safe.
BlockBuffer new_block(std::size_t pixels);

/// The one tile of `pixels` NaNs that all empty tiles of this size share.
BlockPointer empty_block(std::size_t pixels);

/// Frees the buffers kept.
void drop_spare_blocks() noexcept;

}  // namespace topobathy
