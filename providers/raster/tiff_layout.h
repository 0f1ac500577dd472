#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "providers/raster/handle_pool.h"
#include "providers/raster/raster_layout.h"
#include "providers/raster/tiff_codec.h"

namespace topobathy {

/// How one level of a TIFF stores its blocks, when it is a way we can decode.
struct TiffLevel {
  std::string path;  ///< the file itself or its .ovr
  FileStamp stamp;
  bool plain = false;  ///< readable by offset without VSI
  TiffCompression compression = TiffCompression::kNone;
  int predictor = 1;
  int samples = 1;  ///< interleaved in a block: all bands, or one
  SampleType type = SampleType::kFloat32;

  std::size_t pixel_bytes() const noexcept {
    return static_cast<std::size_t>(samples) * sample_bytes(type);
  }
};

/// Nothing if the fast path must leave the level to GDAL: another compression, bit depths that are
/// no bytes, big-endian order, a mask.
std::optional<TiffLevel> read_tiff_level(const RasterLayout& layout, const LevelLayout& level,
                                         RasterHandle& handle);

/// Whether the file says where a block lies, be it behind its end; GDAL's messages say what went
/// wrong.
bool has_place_in_file(GDALRasterBand& band, std::int64_t col, std::int64_t row);

/// Where a block lies in the file; bytes = 0: it is absent (a sparse file).
struct BlockLocation {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// Blocks of the file, half-open.
struct BlockRange {
  std::int64_t first_col, first_row, last_col, last_row;
};

/// The block locations of one level, asked from GDAL a row of blocks at a time, when first needed,
/// and remembered. Thread-safe.
class BlockIndex {
 public:
  /// The blocks of a range for a band, row by row; nothing if GDAL does not tell. \throws Error
  std::optional<std::vector<BlockLocation>> find(const RasterLayout& layout,
                                                 const LevelLayout& level, int band,
                                                 const BlockRange& range);

 private:
  using Row = std::vector<BlockLocation>;
  struct RowKey {
    int band;
    std::int64_t row;
    friend bool operator==(const RowKey& a, const RowKey& b) noexcept {
      return a.band == b.band && a.row == b.row;
    }
  };
  struct RowKeyHash {
    std::size_t operator()(const RowKey& key) const noexcept {
      return std::hash<std::int64_t>()(key.row * 65599 + key.band);
    }
  };

  std::mutex mutex_;
  std::unordered_map<RowKey, Row, RowKeyHash> rows_;
};

}  // namespace topobathy
