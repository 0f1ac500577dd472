#pragma once

#include <string>

#include "providers/align/proj_handles.h"

/// CRS texts ("EPSG:4326", WKT, PROJJSON, a PROJ string) as PROJ objects; for the code in
/// providers/ that talks to PROJ.
namespace topobathy {

/// The text in quotes, a long WKT cut short: for messages.
std::string quoted_crs(const std::string& crs);

/// \throws Error(kUsage) when PROJ does not know it as a CRS
ProjObject parse_crs(PJ_CONTEXT* context, const std::string& crs);

/// The horizontal part: of a compound CRS its first member, of a 3D one its 2D form. A datum shift
/// stated with the CRS (TOWGS84) stays. \throws Error(kUsage) for geocentric, vertical-only and
/// engineering CRSs
ProjObject parse_horizontal_crs(PJ_CONTEXT* context, const std::string& crs);

/// A CRS without the datum shift that may be bound to it.
ProjObject unbound_crs(PJ_CONTEXT* context, ProjObject crs);

/// What heights are counted from: a vertical CRS, or a geographic 3D one for heights above its
/// ellipsoid.
struct HeightReference {
  ProjObject crs;
  bool ellipsoidal = false;
};
/// \throws Error(kUsage) when the text is neither
HeightReference parse_height_reference(PJ_CONTEXT* context, const std::string& crs);

/// Both describe the same CRS, whatever their names and axis order.
bool equivalent_crs(PJ_CONTEXT* context, const PJ* a, const PJ* b);

/// Horizontal and vertical CRS as one, named after both. Null when PROJ refuses.
ProjObject compound_crs(PJ_CONTEXT* context, PJ* horizontal, PJ* vertical);

}  // namespace topobathy
