#pragma once

#include <string>
#include <vector>

#include "providers/raster/block_reader.h"

namespace topobathy {

/// A file beside a raster that its header, attribute table or overviews come from.
struct FileNeighbour {
  std::string path;
  std::string revision;
};

/// Those of an open raster; none for a remote one.
std::vector<FileNeighbour> neighbours_of(const RasterHeader& header);

/// Whether they are what they were, and no other of those that GDAL looks for beside any raster
/// has come.
bool are_neighbours_unchanged(const std::string& path, const std::vector<FileNeighbour>& then);

}  // namespace topobathy
