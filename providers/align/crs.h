#pragma once

#include <string>

#include "fusion/lattice.h"

/// A CRS text is anything PROJ reads: "EPSG:4326", WKT 1 or 2, PROJJSON, a PROJ string. Of a
/// compound CRS the horizontal part counts.
namespace topobathy {

/// What the core must know of a lattice's CRS. kMercator is the spherical ("web") Mercator in any
/// unit; the ellipsoidal Mercator is an ordinary projected CRS. A sphere has inverse_flattening 0.
/// \throws Error(kUsage): PROJ does not know it; geocentric, vertical-only; angles not in degrees;
/// axes that run west
CrsTraits crs_traits(const std::string& crs);

/// Where a CRS ends and begins again: x runs over [-half_width, half_width), y over [-half_height,
/// half_height].
struct CrsWorld {
  double half_width = 0.0;   ///< 0: not cyclic
  double half_height = 0.0;  ///< 0: no limit

  bool is_mercator() const noexcept { return half_width > 0.0 && half_width == half_height; }
};
/// 180 and 90 degrees for geographic CRSs (in their unit), the XYZ square for web Mercator, no
/// limits for others. \throws Error(kUsage)
CrsWorld crs_world(const std::string& crs);

/// The dataset's CRS as WKT2:2019. With `vertical_crs` (may be empty) compound, or
/// three-dimensional where that is a geographic 3D CRS of the same datum, meaning heights above its
/// ellipsoid. \throws Error(kUsage)
std::string crs_wkt(const std::string& crs, const std::string& vertical_crs);

/// Both texts mean the same horizontal CRS. \throws Error(kUsage)
bool same_horizontal_crs(const std::string& a, const std::string& b);

}  // namespace topobathy
