#pragma once

#include <string>

#include "cache/zarr_writer.h"
#include "fusion/fused_cell.h"
#include "fusion/lattice.h"

namespace topobathy {

/// Names of the arrays every fused Zarr group has.
constexpr char kElevationArray[] = "elevation";
constexpr char kUncertaintyArray[] = "uncertainty";
constexpr char kSourceArray[] = "source_id";

/// Adds the three planes, the pixel-centre coordinates x and y and the CF grid mapping spatial_ref
/// of a fused window, of any size. `crs_wkt` empty = only the CRS text of the lattice is stated.
/// \pre the planes have the window's size
void add_fused_arrays(ZarrWriter& writer, const Lattice& lattice, const FusedCell& cell,
                      const std::string& crs_wkt);

}  // namespace topobathy
