#include "utils/find_pixel.h"

#include <cmath>

#include "fusion/error.h"
#include "providers/align/crs.h"
#include "providers/align/transformer.h"

namespace topobathy {
namespace {

LatticeWindow at_level(const LatticeWindow& window, int level) {
  const std::int64_t factor = std::int64_t{1} << level;  // the extent is whole pixels at each level
  return {window.col / factor, window.row / factor, window.width / factor, window.height / factor};
}

}  // namespace

FoundPixel find_pixel(const FusedRaster& raster, int level, double lon, double lat) {
  const Lattice lattice = raster.lattice().at_level(level);
  double x = lon, y = lat;
  Transformer("EPSG:4326", lattice.crs()).transform(1, &x, &y);
  if (!std::isfinite(x) || !std::isfinite(y))
    throw Error(ErrorCode::kUsage,
                "this position has no place in the CRS of the raster, " + raster.policy().crs);
  FoundPixel place;
  place.extent = at_level(raster.extent(), level);
  place.row = static_cast<std::int64_t>(std::floor(-y / lattice.pixel_size()));
  // An extent over the antimeridian lies a turn away from the position's own longitude.
  const double period = 2.0 * crs_world(lattice.crs()).half_width;
  for (const double turn : {0.0, period, -period}) {
    const auto col = static_cast<std::int64_t>(std::floor((x + turn) / lattice.pixel_size()));
    place.inside = place.extent.contains(col, place.row);
    if (turn == 0.0 || place.inside) place.col = col;
    if (place.inside) break;
  }
  return place;
}

}  // namespace topobathy
