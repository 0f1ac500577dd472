#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "providers/raster/group_members.h"

namespace topobathy {

/// Single pixels of files, through the tiles looked at last. One a thread.
class TileMemo {
 public:
  /// The value of pixel (col, row) of a level; NaN beyond the raster.
  float at(const CatalogueFile& file, BlockReader& reader, int level, int band, std::int64_t col,
           std::int64_t row) {
    Entry*& last = last_[static_cast<std::size_t>(band) % last_.size()];
    if (last && last->holds(file, level, band, col, row)) return last->pixel(col, row);
    const RasterLevel& size = file.header.levels[static_cast<std::size_t>(level)];
    if (col < 0 || row < 0 || col >= size.width || row >= size.height) return kNoValue;
    const std::int64_t tile_col = col / size.block_width, tile_row = row / size.block_height;
    Entry& entry =
        entries_[static_cast<std::size_t>(tile_col + 5 * tile_row + 3 * band) % entries_.size()];
    if (!entry.holds(file, level, band, col, row)) {
      const SourceWindow tile{tile_col * size.block_width, tile_row * size.block_height,
                              size.block_width, size.block_height};
      entry = {&file, level, band, tile, reader.block(level, band, tile_col, tile_row, {})};
    }
    last = &entry;
    return entry.pixel(col, row);
  }
  /// A pixel of the tile looked at last with all its neighbours in the same tile.
  struct Inner {
    const float* pixel;
    std::int64_t stride;  ///< to the row below
  };
  /// Nothing when the pixel lies on the rim of the tile or of the raster, or in a tile not looked
  /// at last.
  std::optional<Inner> inner(const CatalogueFile& file, int level, int band, std::int64_t col,
                             std::int64_t row) const noexcept {
    const Entry* const last = last_[static_cast<std::size_t>(band) % last_.size()];
    const RasterLevel& size = file.header.levels[static_cast<std::size_t>(level)];
    if (col + 1 >= size.width || row + 1 >= size.height) return std::nullopt;
    if (!last || !last->holds(file, level, band, col - 1, row - 1) ||
        !last->tile.contains(col + 1, row + 1))
      return std::nullopt;
    return Inner{&last->pixel(col, row), last->tile.width};
  }
  void clear() {
    for (Entry& entry : entries_)
      entry = Entry();
    last_ = {};
  }

 private:
  struct Entry {
    const CatalogueFile* file = nullptr;
    int level = 0;
    int band = 0;
    SourceWindow tile;
    BlockPointer block;

    bool holds(const CatalogueFile& f, int l, int b, std::int64_t col,
               std::int64_t row) const noexcept {
      return file == &f && level == l && band == b && tile.contains(col, row);
    }
    const float& pixel(std::int64_t col, std::int64_t row) const noexcept {
      return (*block)[static_cast<std::size_t>((row - tile.row) * tile.width + (col - tile.col))];
    }
  };
  std::array<Entry, 16> entries_;
  std::array<Entry*, 4> last_{};  ///< by band: elevation and contributor are asked in turn
};

}  // namespace topobathy
