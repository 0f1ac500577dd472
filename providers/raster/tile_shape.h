#pragma once

#include <cstdint>

namespace topobathy {

struct TileShape {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

/// The unit a raster is read and cached in, from the blocks of its file: the blocks themselves
/// where they are of a sane shape, else several of them (small blocks, strips) or, where a block is
/// too large to keep, a part of one. The numbers are in providers/raster/tuning.h. \pre all
/// positive
TileShape choose_tile_shape(std::int64_t raster_width, std::int64_t raster_height,
                            std::int64_t block_width, std::int64_t block_height) noexcept;

}  // namespace topobathy
