#pragma once

#include "fusion/block_mask.h"
#include "fusion/lattice.h"
#include "fusion/plane.h"

namespace topobathy {

/// A ramp never reaches further than this many pixels, whatever its metres: near the poles a degree
/// lattice's pixels are centimetres wide. Part of the definition of distance, so that it holds for
/// every window alike.
constexpr std::int64_t kMaxReachPixels = 4096;

/// Pixels that a window must be grown by so that distances up to `reach` metres inside it are
/// exact.
struct Halo {
  std::int64_t columns = 0;
  std::int64_t rows = 0;
};
Halo feather_halo(const Lattice& lattice, const LatticeWindow& window, double reach);

/// For every valid (not NaN) pixel of `core`: min(reach, ground distance in metres from its centre
/// to the nearest invalid pixel's centre). d((c,r),(c',r')) = hypot((c-c') * width(r), (r-r') *
/// height(r)) with the ground pixel of the row of (c,r); beyond `window` nothing counts. Exact and
/// independent of the window as long as `window` is `core` grown by feather_halo(). Only wanted
/// blocks are filled; elsewhere, and at invalid pixels, the values mean nothing. \param elevation a
/// plane of `window`  \param distance reshaped to `core`
void feather_distance(const Lattice& lattice, const LatticeWindow& window,
                      const Plane<float>& elevation, const LatticeWindow& core,
                      const BlockMask& wanted, double reach, Plane<float>& distance);

}  // namespace topobathy
