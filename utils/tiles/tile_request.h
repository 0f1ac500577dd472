#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fusion/window.h"

namespace topobathy {

/// How the pixels of a tile are written.
enum class TileFormat {
  kPng,         ///< picture
  kWebp,        ///< picture, lossless
  kTerrarium,   ///< PNG: metres = red * 256 + green + blue / 256 - 32768
  kTerrainRgb,  ///< PNG: metres = (red * 65536 + green * 256 + blue) / 10 - 10000
  kNpy,         ///< float32 elevation
  kNpz,         ///< elevation, uncertainty, source_id
  kTif,         ///< GeoTIFF of the three bands of docs/output-contract.md
};

/// What a picture shows.
enum class TileStyle { kChart, kBlues, kHillshade, kSource, kContours, kClassic };

/// A tile of the XYZ scheme: column x counted from 180 W, row y from the north; 2^z a side.
struct TileAddress {
  int z = 0;
  std::int64_t x = 0;
  std::int64_t y = 0;

  friend bool operator==(const TileAddress& a, const TileAddress& b) noexcept {
    return a.z == b.z && a.x == b.x && a.y == b.y;
  }
  friend bool operator<(const TileAddress& a, const TileAddress& b) noexcept {
    if (a.z != b.z) return a.z < b.z;
    return a.y != b.y ? a.y < b.y : a.x < b.x;
  }
};

/// The deepest zoom of a tile: pixels of 3.7 cm at the equator.
constexpr int kDeepestZoom = 22;

struct TileRequest {
  TileAddress address;
  int tile_size = 256;  ///< pixels a side: 256, or 512 (the pixels of the next zoom)
  TileFormat format = TileFormat::kPng;
  TileStyle style = TileStyle::kChart;  ///< of the pictures kPng and kWebp; the others have none
  std::optional<double> vmin;           ///< metres: where the colours of these end
  std::optional<double> vmax;

  bool is_picture() const noexcept {
    return format == TileFormat::kPng || format == TileFormat::kWebp;
  }
  /// The zoom whose pixels the tile has.
  int pixel_zoom() const noexcept { return address.z + (tile_size == 512 ? 1 : 0); }
  /// Its pixels on the lattice of that zoom (EPSG:3857, origin in the middle of the world).
  LatticeWindow window() const noexcept;
};

/// \throws Error(kUsage) saying what is allowed: zoom, column, row, size, vmin below vmax
void check(const TileRequest& request);

/// "png", "webp", "terrarium", "terrain-rgb", "npy", "npz", "tif". \throws Error(kUsage)
TileFormat tile_format(const std::string& name);
/// "chart" (also "default"), "blues", "hillshade", "source", "contours", "classic". \throws
/// Error(kUsage)
TileStyle tile_style(const std::string& name);

const char* to_text(TileFormat format) noexcept;
const char* to_text(TileStyle style) noexcept;
const std::vector<std::string>& tile_format_names();
const std::vector<std::string>& tile_style_names();

/// Of a file without its dot: terrarium and terrain-rgb are "png".
const char* extension(TileFormat format) noexcept;
const char* media_type(TileFormat format) noexcept;

}  // namespace topobathy
