#pragma once

#include <optional>
#include <string>

namespace topobathy {

/// A name of one raster in a container, as GDAL spells it: PREFIX:"file":part. The quotes may be
/// left out where the file's name has no colon.
struct SubdatasetName {
  std::string prefix;  ///< "NETCDF", ...
  std::string file;
  std::string part;  ///< what follows the file, with its colon

  std::string text() const { return prefix + ":\"" + file + "\"" + part; }
};

/// Nothing for what is no such name. Only prefixes of formats that we read from files are known.
std::optional<SubdatasetName> parse_subdataset_name(const std::string& text);

}  // namespace topobathy
