#pragma once

#include <string>

#include "providers/datum/shift_options.h"

namespace topobathy {

/// What the heights of a raster are brought to.
struct HeightTarget {
  std::string crs;             ///< of heights: what canonical_heights() reads; "" = none is asked
  std::string horizontal_crs;  ///< of the lattice, whose pixels are shifted
  ShiftOptions options;
};

}  // namespace topobathy
