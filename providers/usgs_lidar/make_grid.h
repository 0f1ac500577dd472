#pragma once

#include <optional>
#include <string>

#include "providers/usgs_lidar/point_cloud.h"

namespace topobathy {

/// Finest nominal cell, metres: most surveys have one or two ground points a square metre.
constexpr double kFinestGroundCell = 1.0;

/// The nominal cell for pixels of `pixel` metres: the largest power of two of a metre that is not
/// coarser, at least kFinestGroundCell and at least the archive's mean point spacing (`spacing`
/// metres, 0 = not stated; rounded up).
double nominal_cell(double pixel, double spacing) noexcept;

/// The cell in units of the cloud's CRS: the largest power of two that is not coarser than the
/// nominal one on the ground (by more than 2 percent), unless the file's points themselves lie
/// farther apart.
double ground_cell(const CloudFacts& facts, const CrsBox& box, double nominal);

/// Reads the ground of a cloud at a nominal cell and writes its grid. `tile`: only that box of it
/// (units of the CRS; its upper and right edges belong to the neighbours); without it all.
/// \throws Error
void make_grid(PointCloud& cloud, const std::optional<CrsBox>& tile, double nominal,
               const std::string& path);

}  // namespace topobathy
