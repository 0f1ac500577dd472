#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// Pixels a degree of GEBCO's grid: 15 arc-seconds, registered at pixel centres.
inline constexpr int kGebcoPerDegree = 240;
/// Of a 15 arc-second pixel, along a meridian; the design's 111 320 m a degree.
inline constexpr double kGebcoMetres = 111320.0 / kGebcoPerDegree;

/// One of the 64 800 squares of a degree that GEBCO is delivered in here.
struct GebcoTile {
  int south = 0;  ///< degrees, -90 to 89
  int west = 0;   ///< degrees, -180 to 179

  /// "n42_w071", the south-west corner.
  std::string name() const;
  LonLatBox box() const noexcept;
  /// Of its south-west pixel in the global grid, which begins at 90 S, 180 W and runs north.
  int first_row() const noexcept { return (south + 90) * kGebcoPerDegree; }
  int first_col() const noexcept { return (west + 180) * kGebcoPerDegree; }
};

/// The tile whose box this is (an asset's).
GebcoTile gebco_tile(const LonLatBox& box) noexcept;

/// The pixels of a tile, north row first, kGebcoPerDegree squared.
struct GebcoPixels {
  std::vector<float> elevation;  ///< metres up, NaN = none
  std::vector<float> tid;  ///< type identifier, NaN = none; empty where no grid of them is had

  bool empty() const noexcept;  ///< no pixel has an elevation
};

/// GEBCO's whole metres, or NaN for what stands for no data in one of its editions (-32767, -32768,
/// -999999).
float gebco_metres(double value) noexcept;

}  // namespace topobathy
