#pragma once

#include <cstdint>
#include <string>

namespace topobathy {

struct GridInZip {
  std::string path;     ///< that GDAL opens ("/vsizip/{/a.zip}/folder/grid.tif"), "" = none
  std::string problem;  ///< why there is none, the end of a sentence
};

/// The grid in a zip on disk, where it is: the first of *.tif (*.tiff), else of *.nc, else of
/// *.grd, by name. Nothing is extracted.
///
/// A zip is refused as a whole for a member whose name leads out of it or holds control characters;
/// a grid for a claim to be larger than `max_bytes`, or than any zip of that size can hold.
GridInZip find_grid_in_zip(const std::string& zip, std::uint64_t max_bytes);

}  // namespace topobathy
