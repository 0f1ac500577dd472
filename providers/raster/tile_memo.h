#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "providers/raster/group_members.h"

namespace topobathy {

/// Single pixels of files, through the tiles looked at last. One a thread.
class TileMemo {
 public:
  /// The value of pixel (col, row) of a level; NaN beyond the raster.
  float at(const CatalogueFile& file, BlockReader& reader, int level, int band, std::int64_t col,
           std::int64_t row) {
    const RasterLevel& size = file.header.levels[static_cast<std::size_t>(level)];
    if (col < 0 || row < 0 || col >= size.width || row >= size.height) return kNoValue;
    const std::int64_t tile_col = col / size.block_width, tile_row = row / size.block_height;
    Entry& entry =
        entries_[static_cast<std::size_t>(tile_col + 5 * tile_row + 3 * band) % entries_.size()];
    if (entry.file != &file || entry.level != level || entry.band != band ||
        entry.tile_col != tile_col || entry.tile_row != tile_row)
      entry = {&file,    level,    band,
               tile_col, tile_row, reader.block(level, band, tile_col, tile_row, {})};
    return (*entry.block)[static_cast<std::size_t>((row - tile_row * size.block_height) *
                                                       size.block_width +
                                                   (col - tile_col * size.block_width))];
  }
  void clear() { entries_ = {}; }

 private:
  struct Entry {
    const CatalogueFile* file = nullptr;
    int level = 0;
    int band = 0;
    std::int64_t tile_col = 0;
    std::int64_t tile_row = 0;
    BlockPointer block;
  };
  std::array<Entry, 16> entries_;
};

}  // namespace topobathy
