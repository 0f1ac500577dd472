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

/// Beyond it no lattice has pixels, and no integer might hold their number.
constexpr double kFarthest = 1e15;

class PixelFinder {
 public:
  PixelFinder(const FusedRaster& raster, int level)
      : size_(raster.lattice().at_level(level).pixel_size()),
        extent_(at_level(raster.extent(), level)),
        world_(crs_world(raster.lattice().crs())) {}

  FoundPixel at(double x, double y) const {
    FoundPixel place;
    place.extent = extent_;
    place.placed = std::isfinite(x) && std::isfinite(y) && std::fabs(x / size_) < kFarthest &&
                   std::fabs(y / size_) < kFarthest;
    if (!place.placed) return place;
    place.row = static_cast<std::int64_t>(std::floor(-y / size_));
    if (world_.half_height > 0.0 && y == -world_.half_height)
      place.row = static_cast<std::int64_t>(std::ceil(-y / size_)) - 1;
    // An extent over the antimeridian lies a turn away from the position's own longitude.
    const double period = 2.0 * world_.half_width;
    for (const double turn : {0.0, period, -period}) {
      const auto col = static_cast<std::int64_t>(std::floor((x + turn) / size_));
      place.inside = place.extent.contains(col, place.row);
      if (turn == 0.0 || place.inside) place.col = col;
      if (place.inside) break;
    }
    return place;
  }

 private:
  double size_;
  LatticeWindow extent_;
  CrsWorld world_;
};

}  // namespace

std::vector<FoundPixel> find_pixels(const FusedRaster& raster, int level,
                                    const std::vector<LonLat>& positions) {
  const Transformer transformer("EPSG:4326", raster.lattice().crs());
  const PixelFinder finder(raster, level);
  std::vector<FoundPixel> found;
  found.reserve(positions.size());
  for (const LonLat& position : positions) {
    double x = position.lon, y = position.lat;
    transformer.transform(1, &x, &y);
    found.push_back(finder.at(x, y));
  }
  return found;
}

FoundPixel find_pixel(const FusedRaster& raster, int level, double lon, double lat) {
  const FoundPixel found = find_pixels(raster, level, {{lon, lat}}).front();
  if (!found.placed)
    throw Error(ErrorCode::kUsage,
                "this position has no place in the CRS of the raster, " + raster.policy().crs);
  return found;
}

}  // namespace topobathy
