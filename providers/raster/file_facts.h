#pragma once

#include <string>
#include <vector>

namespace topobathy {

/// What GDAL's generic interface does not tell of a file, taken from its metadata.
struct FileFacts {
  /// A CRS where GDAL reports none: the EPSG code of a BAG's XML (GDAL before 3.7 reads only WKT
  /// there), EPSG:4326 for a netCDF whose coordinate variables are in degrees_east and
  /// degrees_north. Empty when the file says nothing.
  std::string crs;
  bool crs_assumed = false;  ///< degrees say which kind of CRS, not which datum
  /// Open options the file needs: MODE=RESAMPLED_GRID for a variable-resolution BAG, whose plain
  /// view is only its coarse base grid.
  std::vector<std::string> open_options;
};

/// \param path of a file that GDAL opens; one that it does not gives no facts
FileFacts read_file_facts(const std::string& path);

}  // namespace topobathy
