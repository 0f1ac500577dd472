#pragma once

#include <cstdint>

#include "fusion/plane.h"

namespace topobathy {

/// Pixels beyond its own edge that a despiked part depends on: despike a plane with this margin and
/// drop the margin.
constexpr int kDespikeHalo = 1;

/// Takes out single-pixel blunders: a finite pixel becomes NaN where the 3x3 window around it holds
/// at least 5 finite values (its own included) and it lies more than `threshold` metres from their
/// median (the mean of the two middle ones when their number is even). Every pixel is judged on the
/// original data; beyond the plane's edge nothing is finite. A threshold of 0 or less changes
/// nothing. \return the number of pixels taken out
std::int64_t despike(Plane<float>& elevation, double threshold);

}  // namespace topobathy
