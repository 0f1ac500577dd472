#pragma once

#include <cstdint>
#include <vector>

#include "fusion/plane.h"

namespace topobathy {

/// Pixels [begin, end) of one row.
struct PixelRun {
  std::int64_t row = 0;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// An 8-connected set of NaN pixels that touches no edge of its plane.
struct Hole {
  std::vector<PixelRun> runs;                             ///< row-major
  std::int64_t left = 0, top = 0, right = 0, bottom = 0;  ///< bounding box, half-open
};

/// The enclosed holes no wider than `max_width` and no higher than `max_height` pixels, in the
/// order of their first pixels.
std::vector<Hole> enclosed_holes(const Plane<float>& elevation, std::int64_t max_width,
                                 std::int64_t max_height);

}  // namespace topobathy
