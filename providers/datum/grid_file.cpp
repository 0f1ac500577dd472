#include "providers/datum/grid_file.h"

#include <algorithm>

#include "fusion/error.h"

namespace topobathy {

std::string GridFile::text() const {
  return path.empty() ? name : name + " " + stamp.text();
}

GridFile look_at_grid(const std::string& name, const std::string& path) {
  if (path.empty()) return {name, path, {}};
  const auto stamp = stamp_file(path);
  if (!stamp)
    throw Error(ErrorCode::kNotFound,
                "the vertical grid '" + path + "' is gone; put it back, or install it again");
  return {name, path, *stamp};
}

bool are_unchanged(const std::vector<GridFile>& grids) {
  return std::all_of(grids.begin(), grids.end(), [](const GridFile& grid) {
    return grid.path.empty() || is_unchanged(grid.path, grid.stamp);
  });
}

}  // namespace topobathy
