#pragma once

#include <string>

namespace topobathy {

/// Where a raster really is, whatever working directory, symbolic link or ".." it was reached by:
/// two paths of one place give one text. A local path (also inside an archive or a subdataset name)
/// is made absolute and its links are resolved; a URL, a remote or an in-memory path stays as it
/// is. Opens nothing; never throws.
std::string source_location(const std::string& path);

}  // namespace topobathy
