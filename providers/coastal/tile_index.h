#pragma once

#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy::coastal {

/// A row of a tile index.
struct IndexedFile {
  std::string name;  ///< as written: a URL, a path, a bare name
  LonLatBox box;     ///< around its polygon and 11 m wider: datums of lon/lat differ by some metres
};

/// The rows of a tile index that have a name and a polygon, in their order: a GeoPackage, a
/// shapefile, or a zip with one of them. The name is that of the first of these columns (whatever
/// their case) that holds one: url, location, path, fileurl, filename, name, tilename, id. Polygons
/// are brought from the index's CRS to lon/lat with bent edges. \throws Error(kUnreadable) naming
/// `url`: not readable, no CRS, no such column, absurdly large
std::vector<IndexedFile> read_tile_index(const std::string& path, const std::string& url);

}  // namespace topobathy::coastal
