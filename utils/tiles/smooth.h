#pragma once

#include "fusion/plane.h"

namespace topobathy {

/// Pixels around a pixel that its smoothed value is made from.
constexpr std::int64_t kSmoothMargin = 2;

/// The 5 x 5 binomial mean of the pixels that have a value; those without one stay without. The
/// answer lacks a frame of kSmoothMargin pixels.
Plane<float> smooth(const Plane<float>& plane);

}  // namespace topobathy
