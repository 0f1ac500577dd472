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

namespace {

bool is_unchanged_grid(const GridFile& grid) {
  return grid.path.empty() || is_unchanged(grid.path, grid.stamp);
}

}  // namespace

bool are_unchanged(const std::vector<GridFile>& grids) {
  return std::all_of(grids.begin(), grids.end(), is_unchanged_grid);
}

void require_unchanged_grids(const std::vector<GridFile>& grids) {
  const auto changed = std::find_if_not(grids.begin(), grids.end(), is_unchanged_grid);
  if (changed != grids.end())
    throw Error(ErrorCode::kUnreadable,
                "the vertical grid '" + changed->path +
                    "' has changed since it was opened; open the policy again");
}

}  // namespace topobathy
