#pragma once

#include <optional>

#include "fusion/lattice.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// The size of a level's pixels as archives choose by it, metres: nominal, so that it is one number
/// for all of a level.
double nominal_pixel(const Lattice& lattice);

/// A lon/lat box around a window, wide enough for every kernel and `reach` metres of its sources;
/// nothing where it has no image.
std::optional<LonLatBox> box_around(const Lattice& lattice, const LatticeWindow& window,
                                    double reach);

/// \throws Error(kUnsupported) when the box is wider than an archive is asked about
void require_askable(const LonLatBox& box);

}  // namespace topobathy
