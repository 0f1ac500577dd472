#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fusion/fused_raster.h"
#include "utils/tiles/tile_request.h"

namespace topobathy {

/// What a tile's pixels were fused from: a cell, with what tells whether its sources have changed.
struct CellStamp {
  LatticeWindow fused;
  std::string seen;    ///< seen_steps()
  std::string digest;  ///< revisions_digest()
};

/// The fused pixels of a tile and of a margin around it, for shading and lines.
struct TilePixels {
  explicit TilePixels(const Lattice& of) : lattice(of) {}

  Lattice lattice;     ///< EPSG:3857, of the zoom whose pixels these are
  LatticeWindow tile;  ///< the tile's own pixels
  LayerPlanes planes;  ///< window = the tile and its margin
  std::vector<std::pair<SourceId, SourceRecord>> sources;  ///< of what was read, ascending
  std::vector<CellStamp> cells;                            ///< in a fixed order
  bool stamped = true;     ///< the stamps say all of what the pixels depend on
  std::string incomplete;  ///< not empty: what on_error: skip has left out
  std::string left_out;    ///< the step that it names, for those who may not see its message

  /// Pixel of the planes that is the tile's first.
  std::int64_t left() const noexcept { return tile.col - planes.window.col; }
  std::int64_t top() const noexcept { return tile.row - planes.window.row; }
};

/// Reads a window of a raster opened in EPSG:3857 with its pixel zoom `zoom`, level 0, and `margin`
/// pixels around. As the raster in GDAL, the tile ends where the raster's extent ends; the world
/// goes on across the antimeridian. Thread-safe. \throws Error
TilePixels read_tile_pixels(FusedRaster& raster, int zoom, const LatticeWindow& tile,
                            std::int64_t margin, const BandSelection& bands);

/// Whether the raster can have a pixel there; fuses nothing, may read file headers.
bool may_have_pixels(FusedRaster& raster, int zoom, const LatticeWindow& tile);

}  // namespace topobathy
