#include "fusion/lattice.h"

#include <cmath>
#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kCellDegrees = 0.05;
constexpr double kMetresPerDegree = 111320.0;
constexpr int kMinCellPixels = 64;
constexpr int kMaxCellPixels = 1024;
constexpr int kProjectedCellPixels = 512;
constexpr int kLargestCellExponent = 10;  // 51.2 degrees
constexpr double kEdgeTolerance = 1e-6;   // pixels

/// Radii of curvature of the ellipsoid at a latitude (radians): M along the meridian, N across it.
struct Curvature {
  double meridian;
  double normal;
};

Curvature curvature(const CrsTraits& traits, double latitude) noexcept {
  const double f = traits.inverse_flattening > 0 ? 1.0 / traits.inverse_flattening : 0.0;
  const double e2 = f * (2.0 - f);
  const double s = std::sin(latitude);
  const double w = std::sqrt(1.0 - e2 * s * s);
  return {traits.semi_major * (1.0 - e2) / (w * w * w), traits.semi_major / w};
}

}  // namespace

Lattice::Lattice(std::string crs, const CrsTraits& traits, double pixel_size, int cell_size,
                 int level)
    : crs_(std::move(crs)),
      traits_(traits),
      pixel_size_(pixel_size),
      cell_size_(cell_size),
      level_(level) {}

Lattice Lattice::from_resolution(std::string crs, const CrsTraits& traits, double resolution) {
  if (!(resolution > 0) || !std::isfinite(resolution))
    throw Error(ErrorCode::kUsage, "resolution must be a positive number of metres");
  if (traits.kind != CrsTraits::Kind::kGeographic)
    return {std::move(crs), traits, resolution / traits.unit, kProjectedCellPixels, 0};
  // k runs 0, 1, -1, 2, -2, ...: the first that fits is the nearest to 0.
  for (int step = 0; step <= 4 * kLargestCellExponent; ++step) {
    const int k = step % 2 ? (step + 1) / 2 : -step / 2;
    if (k > kLargestCellExponent) continue;
    const double edge = std::ldexp(kCellDegrees, k);
    const double pixels = std::round(edge * kMetresPerDegree / resolution);
    if (pixels >= kMinCellPixels && pixels <= kMaxCellPixels)
      return {std::move(crs), traits, edge / pixels, static_cast<int>(pixels), 0};
  }
  throw Error(ErrorCode::kUsage, "resolution " + std::to_string(resolution) +
                                     " m is out of range for a geographic CRS (1e-5 m to 90 km)");
}

Lattice Lattice::from_zoom(std::string crs, const CrsTraits& traits, int zoom) {
  if (traits.kind != CrsTraits::Kind::kMercator || zoom < 0 || zoom > 30)
    throw Error(ErrorCode::kUsage, "zoom needs the CRS EPSG:3857 and a value from 0 to 30");
  const double world = 2.0 * kPi * traits.semi_major / traits.unit;
  return {std::move(crs), traits, std::ldexp(world / 256.0, -zoom), kProjectedCellPixels, 0};
}

Lattice Lattice::at_level(int level) const {
  return {crs_, traits_, std::ldexp(pixel_size_, level - level_), cell_size_, level};
}

LatticeWindow Lattice::window_of(double left, double bottom, double right, double top) const {
  const auto floor_index = [this](double v) {
    return static_cast<std::int64_t>(std::floor(v / pixel_size_ + kEdgeTolerance));
  };
  const auto ceil_index = [this](double v) {
    return static_cast<std::int64_t>(std::ceil(v / pixel_size_ - kEdgeTolerance));
  };
  return LatticeWindow::from_edges(floor_index(left), floor_index(-top), ceil_index(right),
                                   ceil_index(-bottom));
}

GroundPixel Lattice::ground_pixel(std::int64_t row) const noexcept {
  const double y = centre_y(row);
  if (traits_.kind == CrsTraits::Kind::kGeographic) {
    const double radians = kPi / 180.0;
    // Half a pixel short of the pole: rows beyond it have no size of their own, and a width of zero
    // would let every distance reach round the world.
    const double last = 90.0 - 0.5 * pixel_size_;
    const double latitude = std::fmax(-last, std::fmin(last, y)) * radians;
    const Curvature c = curvature(traits_, latitude);
    return {pixel_size_ * radians * c.normal * std::cos(latitude),
            pixel_size_ * radians * c.meridian};
  }
  const double size = pixel_size_ * traits_.unit;
  if (traits_.kind == CrsTraits::Kind::kProjected) return {size, size};
  const double latitude =
      2.0 * std::atan(std::exp(y * traits_.unit / traits_.semi_major)) - kPi / 2;
  const Curvature c = curvature(traits_, latitude);
  const double scale = std::cos(latitude) / traits_.semi_major;
  return {size * scale * c.normal, size * scale * c.meridian};
}

GroundPixel Lattice::smallest_ground_pixel(std::int64_t top, std::int64_t bottom) const noexcept {
  // Sizes are monotone on either side of the equator: in degrees, widths are smallest farthest from
  // it and heights nearest to it.
  GroundPixel smallest = ground_pixel(top);
  const std::int64_t nearest = std::max(top, std::min<std::int64_t>(0, bottom - 1));
  for (const std::int64_t row : {nearest, bottom - 1}) {
    const GroundPixel here = ground_pixel(row);
    smallest = {std::min(smallest.width, here.width), std::min(smallest.height, here.height)};
  }
  return smallest;
}

int coarsest_level(std::int64_t width, std::int64_t height) noexcept {
  const std::int64_t longer = std::max(width, height);
  const std::int64_t shorter = std::min(width, height);
  int level = 0;
  // A sliver is not shrunk below one pixel: its short side would only be padded.
  while ((longer >> level) > 256 && (shorter >> level) > 1)
    ++level;
  return level;
}

LatticeWindow snap_outward(const LatticeWindow& window, int level) noexcept {
  const std::int64_t step = std::int64_t{1} << level;
  return LatticeWindow::from_edges(
      floor_div(window.col, step) * step, floor_div(window.row, step) * step,
      ceil_div(window.right(), step) * step, ceil_div(window.bottom(), step) * step);
}

}  // namespace topobathy
