#include "providers/raster/file_neighbours.h"

#include <algorithm>
#include <array>

#include "providers/raster/file_stamp.h"
#include "providers/raster/subdataset_name.h"

namespace topobathy {
namespace {

/// What GDAL writes beside a file of any format when somebody adds statistics, a georeference, an
/// attribute table, overviews or a mask.
constexpr std::array kSideCars = {".aux.xml", ".ovr", ".msk"};

std::string file_of(const std::string& path) {
  const auto subdataset = parse_subdataset_name(path);
  return subdataset ? subdataset->file : path;
}

}  // namespace

std::vector<FileNeighbour> neighbours_of(const RasterHeader& header) {
  const std::string file = file_of(header.path);
  std::vector<FileNeighbour> neighbours;
  for (const std::string& path : header.files) {
    if (path == file) continue;
    const auto stamp = stamp_file(path);
    neighbours.push_back({path, stamp ? stamp->text() : ""});
  }
  return neighbours;
}

bool are_neighbours_unchanged(const std::string& path, const std::vector<FileNeighbour>& then) {
  if (is_remote_path(path)) return true;
  const auto is_unchanged = [](const FileNeighbour& neighbour) {
    const auto stamp = stamp_file(neighbour.path);
    return (stamp ? stamp->text() : "") == neighbour.revision;
  };
  if (!std::all_of(then.begin(), then.end(), is_unchanged)) return false;
  const std::string file = file_of(path);
  return std::none_of(kSideCars.begin(), kSideCars.end(), [&](const char* suffix) {
    const std::string beside = file + suffix;
    const bool known = std::any_of(then.begin(), then.end(), [&](const FileNeighbour& neighbour) {
      return neighbour.path == beside;
    });
    return !known && stamp_file(beside);
  });
}

}  // namespace topobathy
