#pragma once

#include <string>
#include <vector>

#include "providers/raster/file_stamp.h"

namespace topobathy {

/// A grid file that heights were shifted with, as it was found.
struct GridFile {
  std::string name;  ///< without its folder
  std::string path;  ///< "" = read over the network
  FileStamp stamp;

  /// "us_noaa_g2018u0.tif 13412345-1600000000000000000": of a grid read over the network the name
  /// alone, which a publisher never gives to other content.
  std::string text() const;
};

/// The file as it is now. \throws Error(kNotFound)
GridFile look_at_grid(const std::string& name, const std::string& path);
/// False as soon as one of the local files is no longer what it was.
bool are_unchanged(const std::vector<GridFile>& grids);
/// \throws Error(kUnreadable) naming the first that is no longer what it was
void require_unchanged_grids(const std::vector<GridFile>& grids);

}  // namespace topobathy
