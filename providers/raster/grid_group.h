#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "providers/align/block_positions.h"

namespace topobathy {

/// One pixel grid of a CRS that one or more files share: same pixel size, same phase. Its files are
/// sampled as one surface, so that a kernel reaches across their shared edges.
struct GridGroup {
  int crs = 0;              ///< index in the catalogue's list of CRSs
  GeoTransform transform;   ///< of the group's pixel (0, 0): that of its first file
  std::int64_t period = 0;  ///< columns in 360 degrees when a file goes round the world, else 0
};

/// Where one resolution of a file lies in its group: file pixel (c, r) is group pixel (c + col, r +
/// row).
struct GridPlace {
  int group = 0;
  std::int64_t col = 0;
  std::int64_t row = 0;
};

/// Sorts grids into groups as they come. Two grids share a group when every pixel of the one lies
/// within 2 % of a pixel on a pixel of the other.
class GridGroups {
 public:
  GridPlace place(int crs, const GeoTransform& transform, std::int64_t width, std::int64_t height,
                  bool geographic);
  const std::vector<GridGroup>& groups() const noexcept { return groups_; }

 private:
  std::vector<GridGroup> groups_;
  std::unordered_map<std::string, std::vector<int>> by_pixel_size_;
};

}  // namespace topobathy
