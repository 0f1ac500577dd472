#pragma once

#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// A tile of a mosaic.
struct VrtTile {
  std::string url;
  LonLatBox box;  ///< its place in the mosaic and a pixel more on each side
};

/// Where a mosaic and its tiles are.
struct VrtPlace {
  std::string url;   ///< of the VRT
  std::string base;  ///< all tiles lie below, ends in '/'
};

/// A published VRT in longitudes and latitudes, used as a tile index: the sources of its first band
/// ("/vsicurl/https://..." or relative to the VRT). It is never opened as a raster, so nothing it
/// says makes GDAL read anything. \throws Error(kUnreadable): no such VRT, no tile in it, a tile
/// that lies elsewhere, more than kMaxVrtBytes
std::vector<VrtTile> read_vrt_index(const std::string& xml, const VrtPlace& place);

constexpr std::size_t kMaxVrtBytes = 24 << 20;  ///< the longest published one has some 7 MB

}  // namespace topobathy
