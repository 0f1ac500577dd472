#pragma once

#include <vector>

#include "fusion/lattice.h"
#include "fusion/operators/zone_mask.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// A ring of longitudes and latitudes as rings on a lattice: one, or three turns of the world where
/// the lattice's CRS goes round it, as a window may lie a turn away. Edges that are straight in
/// degrees stay where they are. Empty where a point has no coordinates in the lattice's CRS.
/// \throws Error as Transformer
std::vector<ZoneMask::Ring> lattice_rings(const std::vector<LonLat>& ring, const Lattice& lattice);

}  // namespace topobathy
