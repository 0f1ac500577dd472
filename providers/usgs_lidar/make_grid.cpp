#include "providers/usgs_lidar/make_grid.h"

#include <algorithm>
#include <cmath>

#include "providers/usgs_lidar/grid_file.h"
#include "providers/usgs_lidar/ground_grid.h"

namespace topobathy {
namespace {

constexpr double kNearly = 1.02;

double power_of_two_up_to(double size) noexcept {
  return std::ldexp(1.0, static_cast<int>(std::floor(std::log2(size))));
}

double power_of_two_from(double size) noexcept {
  return std::ldexp(1.0, static_cast<int>(std::ceil(std::log2(size))));
}

/// A tile without its upper and right edges: the cells that it touches are its own.
CrsBox half_open(const CrsBox& tile, double cell) noexcept {
  return {tile.left, tile.bottom, std::max(tile.left, tile.right - 0.5 * cell),
          std::max(tile.bottom, tile.top - 0.5 * cell)};
}

}  // namespace

double nominal_cell(double pixel, double spacing) noexcept {
  const double fit = pixel > kFinestGroundCell ? power_of_two_up_to(pixel) : kFinestGroundCell;
  return spacing > fit ? power_of_two_from(spacing) : fit;
}

double ground_cell(const CloudFacts& facts, const CrsBox& box, double nominal) {
  // A projected metre is up to some thousandths more or less than one on the ground.
  const double fit = power_of_two_up_to(kNearly * nominal / ground_unit(facts.crs, box));
  return facts.spacing > fit ? power_of_two_from(facts.spacing) : fit;
}

void make_grid(PointCloud& cloud, const std::optional<CrsBox>& tile, double nominal,
               const std::string& path) {
  const CloudFacts& facts = cloud.facts();
  const CrsBox whole = tile.value_or(facts.bounds);
  const double cell = ground_cell(facts, whole, nominal);
  const CrsBox box = tile ? half_open(*tile, cell) : whole;
  GroundGrid grid(cloud.name(), ground_lattice(cloud.name(), box, cell), facts.crs.height_unit,
                  !tile);
  cloud.read(whole, cell,
             [&](const LidarPoint* points, std::size_t count) { grid.add(points, count); });
  write_grid(path, grid, facts.crs);
}

}  // namespace topobathy
