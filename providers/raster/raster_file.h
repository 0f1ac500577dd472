#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "providers/raster/block_reader.h"
#include "providers/raster/raster_layout.h"
#include "providers/raster/tiff_block_reader.h"

namespace topobathy {

/// The reader behind open_raster: cache in front, fast path where it applies, GDAL behind it.
/// Thread-safe.
class RasterFile final : public BlockReader {
 public:
  RasterFile(RasterLayout layout, bool fast_path);

  const RasterHeader& header() const override { return layout_.header; }
  BlockPointer block(int level, int band, std::int64_t block_col, std::int64_t block_row,
                     const std::vector<int>& sibling_bands) override;
  void retire(int level, const SourceWindow& pixels) noexcept override;

 private:
  void require_inside(const TileId& tile, int band, const std::vector<int>& siblings) const;
  std::vector<BlockPointer> decode(const TileId& tile, const std::vector<int>& bands);
  std::vector<BlockPointer> decode_edition(const TileId& tile, const std::vector<int>& bands);
  void explain_remote_failure() const;

  const RasterLayout layout_;
  std::optional<TiffBlockReader> tiff_;
};

}  // namespace topobathy
