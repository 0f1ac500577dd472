#include "providers/raster/grid_group.h"

#include <algorithm>
#include <cmath>

namespace topobathy {
namespace {

constexpr double kAlignment = 0.02;  // pixels

/// Grids of nearly one pixel size meet in one bucket; place() then looks closely.
std::string size_bucket(int crs, const GeoTransform& g) {
  const auto rough = [](double v) {
    return std::to_string(v == 0 ? 0 : std::lround(std::log(std::fabs(v)) * 1e4)) +
           (v < 0 ? "-" : "+");
  };
  return std::to_string(crs) + '/' + rough(g[1]) + rough(g[2]) + rough(g[4]) + rough(g[5]);
}

bool near_integer(double v) noexcept {
  return std::fabs(v - std::round(v)) <= kAlignment;
}

}  // namespace

GridPlace GridGroups::place(int crs, const GeoTransform& transform, std::int64_t width,
                            std::int64_t height, bool geographic) {
  auto& bucket = by_pixel_size_[size_bucket(crs, transform)];
  for (const int candidate : bucket) {
    GridGroup& group = groups_[candidate];
    const InverseTransform to_group(group.transform);
    const double far_x = transform[0] + static_cast<double>(width) * transform[1] +
                         static_cast<double>(height) * transform[2];
    const double far_y = transform[3] + static_cast<double>(width) * transform[4] +
                         static_cast<double>(height) * transform[5];
    const double col = to_group.col(transform[0], transform[3]);
    const double row = to_group.row(transform[0], transform[3]);
    const double far_col = to_group.col(far_x, far_y) - static_cast<double>(width);
    const double far_row = to_group.row(far_x, far_y) - static_cast<double>(height);
    // Same phase at the near and the far corner: no drift in between.
    if (!near_integer(col) || !near_integer(row) || std::fabs(far_col - col) > kAlignment ||
        std::fabs(far_row - row) > kAlignment)
      continue;
    return {candidate, std::llround(col), std::llround(row)};
  }
  GridGroup group{crs, transform, 0};
  const double around = geographic ? 360.0 / std::fabs(transform[1]) : 0.0;
  if (geographic && transform[2] == 0 && std::fabs(around - static_cast<double>(width)) < 0.5)
    group.period = width;
  groups_.push_back(group);
  bucket.push_back(static_cast<int>(groups_.size()) - 1);
  return {static_cast<int>(groups_.size()) - 1, 0, 0};
}

}  // namespace topobathy
