#include "utils/serve/tiles/zoom_range.h"

#include <algorithm>
#include <cmath>

#include "fusion/error.h"
#include "providers/align/transformer.h"
#include "utils/tiles/tile_cover.h"

namespace topobathy {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kEquator = 2.0 * kPi * 6378137.0;  // of the tiles' sphere, metres
/// Sizes on the sphere and on the ellipsoid differ by up to 0.7 %, which is a hundredth of a zoom.
constexpr double kZoomSlack = 0.02;

CrsBox lonlat_box(const FusedRaster& raster) {
  const Lattice& lattice = raster.lattice();
  const LatticeWindow& extent = raster.extent();
  const CrsBox box{lattice.x(extent.col), lattice.y(extent.bottom()), lattice.x(extent.right()),
                   lattice.y(extent.row)};
  const auto image = Transformer(lattice.crs(), "EPSG:4326").transform_box(box);
  if (!image) throw Error(ErrorCode::kUnsupported, "the extent has no image in degrees");
  return *image;
}

double mercator_y(double lat) {
  return std::asinh(std::tan(lat * kPi / 180.0));
}

/// The latitude of the extent that is nearest to the equator: its Mercator pixels are the largest.
double lowest_latitude(const CrsBox& box) {
  if (box.bottom <= 0.0 && box.top >= 0.0) return 0.0;
  return std::min(std::fabs(box.bottom), std::fabs(box.top));
}

/// Pixel zoom whose pixels are no larger on the ground than the raster's.
int finest_zoom(const FusedRaster& raster, const CrsBox& box) {
  if (raster.policy().zoom) return *raster.policy().zoom;
  const LatticeWindow& extent = raster.extent();
  const double ground = raster.lattice().smallest_ground_pixel(extent.row, extent.bottom()).height;
  const double coarsest = kEquator / 256.0 * std::cos(lowest_latitude(box) * kPi / 180.0);
  return static_cast<int>(std::ceil(std::log2(coarsest / ground) - kZoomSlack));
}

/// Zoom where the longer side is a quarter of a tile.
int coarsest_zoom(const CrsBox& box) {
  const double wide = (box.right - box.left) / 360.0;
  const double high = (mercator_y(std::min(box.top, kTileLatitude)) -
                       mercator_y(std::max(box.bottom, -kTileLatitude))) /
                      (2.0 * kPi);
  return static_cast<int>(std::floor(-std::log2(std::max({wide, high, 1e-9})))) - 2;
}

}  // namespace

MapView map_view(const FusedRaster& raster, int tile_size) {
  const CrsBox box = lonlat_box(raster);
  MapView view;
  const bool turns = box.right > 180.0 || box.left < -180.0;
  const auto on_map = [](double lat) { return std::clamp(lat, -kTileLatitude, kTileLatitude); };
  view.bounds = {turns ? -180.0 : box.left, on_map(box.bottom), turns ? 180.0 : box.right,
                 on_map(box.top)};
  const double middle = (box.left + box.right) / 2.0;
  view.centre = {middle > 180.0 ? middle - 360.0 : middle,
                 (view.bounds.south + view.bounds.north) / 2.0};
  const int finer = tile_size == 512 ? 1 : 0;
  view.max_zoom = std::clamp(finest_zoom(raster, box) - finer, 0, kDeepestZoom);
  view.min_zoom = std::clamp(coarsest_zoom(box), 0, view.max_zoom);
  return view;
}

}  // namespace topobathy
