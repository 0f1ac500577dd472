#pragma once

#include <cstdint>
#include <vector>

#include "fusion/plane.h"
#include "fusion/window.h"
#include "utils/tiles/contour_levels.h"

namespace topobathy {

enum class Line : std::uint8_t { kNone, kSea, kSeaMajor, kLand, kLandMajor, kShore };

/// How much of a pixel a line covers.
struct LinePixel {
  Line line = Line::kNone;
  std::uint8_t cover = 0;  ///< of kFullCover
};
constexpr int kFullCover = 15;

/// Pixels around a pixel that the lines in it are made from: two for the smoothing, two that a line
/// reaches.
constexpr std::int64_t kContourMargin = 4;

/// Draws the lines of these levels, antialiased. Each square of four pixel centres makes its own
/// piece of a line from its own four values, so that pieces meet whatever was drawn at once. The
/// heights are smoothed (5 x 5 binomial) to draw the ground and not its noise. Pixels without a
/// value are left free. \pre `window` (of `elevation`) holds `drawn` grown by kContourMargin
Plane<LinePixel> draw_contours(const Plane<float>& elevation, const LatticeWindow& window,
                               const LatticeWindow& drawn, const std::vector<ContourLevel>& levels);

}  // namespace topobathy
