#pragma once

#include "fusion/lattice.h"
#include "fusion/plane.h"

namespace topobathy {

/// Pixels around a pixel that its shade is made from.
constexpr std::int64_t kShadeMargin = 1;

/// Light that falls on a surface whose height changes by these metres a metre to the east and to
/// the north: 0 (none) to 1 (straight on). The sun stands in the north-west, 45 degrees high; level
/// ground has sin 45 = 0.7071. Slopes g are exaggerated to 8 g / (1 + 3.2 g): the sea floor's
/// gentle ones (1 degree looks like 7.5) are seen, and no cliff looks steeper than 68 degrees. The
/// same at every zoom: nothing is stretched to what a tile happens to hold.
float light_on(float east, float north) noexcept;

/// The light on each pixel of `shaded`. Slopes are Horn's, in ground metres of the pixel's row.
/// Where a neighbour has no value the surface goes on as on the other side of the pixel (a plane
/// has no rim); pixels without a value get kNoValue. \pre `window` (of `elevation`) holds `shaded`
/// grown by kShadeMargin
Plane<float> hillshade(const Lattice& lattice, const Plane<float>& elevation,
                       const LatticeWindow& window, const LatticeWindow& shaded);

}  // namespace topobathy
