#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/plane.h"
#include "fusion/window.h"

namespace topobathy {

/// One resolution of a raster file: level 0 is the file itself, the rest are its overviews, finest
/// first.
struct RasterLevel {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t block_width = 0;  ///< of the tiles read and cached as units (a file's own blocks
                                 ///< where they are of a sane shape)
  std::int64_t block_height = 0;
};

/// What a file's header says. Plain values: kept and remembered without an open handle.
struct RasterHeader {
  std::string path;
  std::string driver;           ///< GDAL short name
  double geotransform[6] = {};  ///< GDAL order
  std::string crs_wkt;          ///< horizontal and, if any, vertical; empty when the file has none
  int bands = 0;
  std::vector<std::optional<double>> nodata;  ///< one a band
  std::vector<std::string> band_names;        ///< GDAL descriptions
  std::vector<RasterLevel> levels;
  std::string revision;  ///< "size-mtime_ns", or the ETag of a /vsicurl/ file
  /// The file and those beside it that GDAL took part of this from (.aux.xml, .ovr, .hdr, ...);
  /// empty for a remote file, whose neighbours are not looked for.
  std::vector<std::string> files;
};

/// A decoded tile of one band: block_width x block_height floats, row-major; NaN where the file has
/// no data (nodata value, mask band, sparse tile, NaN or infinity, and what lies beyond the
/// raster's edge).
using BlockPointer = std::shared_ptr<const std::vector<float>>;

/// A raster file open for tile reading. Thread-safe; decoded tiles are shared process-wide through
/// the block cache, and a tile that two threads want at once is decoded once.
class BlockReader {
 public:
  virtual ~BlockReader() = default;
  virtual const RasterHeader& header() const = 0;
  /// Tile (block_col, block_row) of `band` (1-based) at `level`. A pixel-interleaved tile is
  /// inflated once for all `sibling_bands` (1-based, may be empty): they enter the cache with it.
  /// \throws Error(kUnreadable) naming file, band and tile
  virtual BlockPointer block(int level, int band, std::int64_t block_col, std::int64_t block_row,
                             const std::vector<int>& sibling_bands) = 0;
  /// The caller does not expect to need the tiles again that lie wholly within these pixels: the
  /// cache may drop them first.
  virtual void retire(int level, const SourceWindow& pixels) noexcept = 0;
};

struct RasterOpenOptions {
  std::vector<std::string> open_options;  ///< GDAL KEY=VALUE
  bool allow_vrt = false;
  bool fast_path = true;  ///< false: always through GDAL (tests compare the two)
};

/// Opens a raster for reading. Only drivers that cannot reach beyond the file are allowed (no VRT,
/// WMS, STAC, tile index or TOPOBATHY itself; VRT with allow_vrt). Nothing but the header is read.
/// \throws Error(kNotFound, kUnreadable, kUnsupported)
std::shared_ptr<BlockReader> open_raster(const std::string& path, const RasterOpenOptions& options);

/// What this thread has decoded since the last call, and how long that took (for the dataset's
/// counters). Where GDAL reads a tile of a remote file fetching cannot be told from decoding: all
/// is fetching.
struct DecodeWork {
  std::int64_t pixels = 0;
  std::int64_t bytes = 0;
  std::int64_t fetch_time = 0;   ///< nanoseconds for bytes, or until another thread had the tile
  std::int64_t decode_time = 0;  ///< the rest of what a tile took
};
DecodeWork take_decode_work() noexcept;

/// Drops every cached tile and idle handle (FlushCache, plugin unload, tests).
void drop_block_cache() noexcept;
/// Byte limit of the decoded-tile cache; the default is in providers/raster/tuning.h.
void set_block_cache_limit(std::size_t bytes) noexcept;

}  // namespace topobathy
