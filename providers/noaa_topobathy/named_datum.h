#pragma once

#include <string>

namespace topobathy {

/// The vertical CRS that a datum's name in the archive's metadata means: "EPSG:5703" for NAVD88
/// ("North American Vertical Datum 1988", "NAVD88 (Geoid18)"), the islands' datums, "MLLW", and
/// geographic 3D CRSs for ellipsoidal heights: EPSG:6319 (NAD83(2011)), EPSG:4979 where WGS 84 is
/// named. "" = a name that settles nothing: nobody may take such heights for NAVD88.
std::string crs_of_datum(const std::string& name);

/// How much heights of that datum are preferred among overlapping projects: geoid 18 3, NAVD88 2,
/// unknown 1, ellipsoidal 0.
int datum_score(const std::string& name);

}  // namespace topobathy
