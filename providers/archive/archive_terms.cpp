#include "providers/archive/archive_terms.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "fusion/error.h"
#include "providers/align/image_box.h"
#include "providers/archive/tuning.h"

namespace topobathy {
namespace {

constexpr double kMetresPerDegree = 111320.0;

}  // namespace

double nominal_pixel(const Lattice& lattice) {
  const bool degrees = lattice.traits().kind == CrsTraits::Kind::kGeographic;
  return lattice.pixel_size() * (degrees ? kMetresPerDegree : lattice.traits().unit);
}

std::optional<LonLatBox> box_around(const Lattice& lattice, const LatticeWindow& window,
                                    double reach) {
  const auto image = image_box(lattice, window.grow(kKernelReach, kKernelReach), "EPSG:4326");
  if (!image) return std::nullopt;
  const double south = std::max(image->bottom, -90.0), north = std::min(image->top, 90.0);
  const double up = reach / kMetresPerDegree;
  const double widest = std::max(std::fabs(south), std::fabs(north));
  const double across = up / std::max(std::cos(std::min(widest + up, 89.9) * M_PI / 180.0), 1e-3);
  LonLatBox box{image->left - across, std::max(south - up, -90.0), image->right + across,
                std::min(north + up, 90.0)};
  if (box.east - box.west >= 360.0) box = {-180.0, box.south, 180.0, box.north};
  return box;
}

void require_askable(const LonLatBox& box) {
  const double width = box.east - box.west, height = box.north - box.south;
  if (width * height <= kMostSquareDegrees) return;
  char size[80];
  std::snprintf(size, sizeof size, "%.3g x %.3g degrees, cells and blends included", width, height);
  throw Error(ErrorCode::kUnsupported,
              std::string("the box is ") + size + "; an archive is asked about " +
                  std::to_string(std::lround(kMostSquareDegrees)) +
                  " square degrees at most: give a smaller bbox, or the step a zone");
}

}  // namespace topobathy
