#pragma once

#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// A tile of a Copernicus DEM bucket.
struct CopernicusTile {
  std::string name;  ///< "Copernicus_DSM_COG_10_N40_00_W074_00_DEM"
  /// Its pixels lie in it. Samples are points at whole degrees, so that a tile's pixels stick out
  /// by half a pixel to the west and north; how wide a pixel is in longitude depends on the
  /// latitude (up to 10 times its height): the widest counts.
  LonLatBox box;
};

/// Reads a bucket's tileList.txt: one name a line, with the south-west corner in it. `seconds_text`
/// = "10" (GLO-30, tenths of arc-seconds) or "30" (GLO-90); `url` for messages.
/// \throws Error(kUnreadable): a line that is no such name, no line, more than kMaxTileListBytes
std::vector<CopernicusTile> read_tile_list(const std::string& text, const std::string& seconds_text,
                                           const std::string& url);

constexpr std::size_t kMaxTileListBytes = 4 << 20;  ///< the published ones have 1.1 MB

}  // namespace topobathy
