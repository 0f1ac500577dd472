#pragma once

#include <cstddef>

#include "fusion/plane.h"

namespace topobathy {

/// Keeps minimum <= value <= maximum (metres, up positive); the rest becomes NaN. Use an infinity
/// for a limit that is not set.
inline void limit_elevation(Plane<float>& elevation, double minimum, double maximum) noexcept {
  float* const values = elevation.data();
  for (std::size_t i = 0; i < elevation.size(); ++i)
    values[i] = values[i] >= minimum && values[i] <= maximum ? values[i] : kNoValue;
}

}  // namespace topobathy
