#pragma once

#include <cstdint>
#include <vector>

#include "fusion/lattice.h"
#include "fusion/plane.h"
#include "fusion/source_ids.h"

namespace topobathy {

/// A hole wider or higher than this fits no gap, whatever its metres: beside a pole the pixels of a
/// degree lattice are millimetres wide, and the margin must stay finite.
constexpr int kMaxGapPixels = 1024;

/// Pixels beyond its own edge that a filled part depends on. `pixel` = the smallest ground pixel of
/// the part itself. \pre gap >= 0
int gap_fill_halo(double gap, GroundPixel pixel);

/// Fills the enclosed holes that fit `gap` metres, and nothing else: no rim of a larger hole, no
/// notch in a coast.
///
/// A hole is an 8-connected set of NaN pixels. (With 4-connection, a void that continues over a
/// diagonal would fall into small "enclosed" pieces and its thin ends would be filled.) It is
/// filled if it does not touch the plane's edge and its bounding box is at most `gap` wide and high
/// on the ground, measured in its widest row. With a margin of gap_fill_halo() pixels the answer
/// for the part inside depends on nothing beyond the margin.
///
/// What a filled pixel gets, from the hole's ring (valid pixels that touch the hole at an edge or
/// corner), distances in ground metres:
/// * elevation: the mean weighted by 1/distance^2;
/// * uncertainty: sqrt(m^2 + s^2), m = the ring's uncertainties weighted alike (their errors are
/// taken as correlated: an
///   interpolated depth is never better known than those it came from), s = the weighted standard
///   deviation of the ring's elevations (nobody measured what lies in a hole in rough ground). NaN
///   where no ring pixel states one;
/// * source: that of the nearest ring pixel (ties: first row, then first column).
///
/// `uncertainty` and `source` may be empty. `rows` holds the ground size of the pixels of each row
/// of the plane. Costs one pass over the plane, and pixels times ring pixels for every hole that is
/// filled. \return the number of pixels filled
std::int64_t gap_fill(Plane<float>& elevation, Plane<float>& uncertainty, Plane<SourceId>& source,
                      const std::vector<GroundPixel>& rows, double gap);

}  // namespace topobathy
