#include "providers/raster/source_location.h"

#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "providers/raster/subdataset_name.h"

namespace topobathy {
namespace {

/// GDAL's file systems that look into a file: the rest of the path names that file, then a member.
constexpr std::array<std::string_view, 5> kArchives = {"/vsizip/", "/vsitar/", "/vsigzip/",
                                                       "/vsi7z/", "/vsirar/"};

bool starts_with(const std::string& text, std::string_view start) {
  return text.compare(0, start.size(), start) == 0;
}

/// The part that exists is resolved; a member of an archive, which the system does not know, stays.
std::string canonical(const std::string& path) {
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(path, failed);
  if (failed) return path;
  const auto resolved = std::filesystem::weakly_canonical(absolute, failed);
  return failed ? absolute.lexically_normal().string() : resolved.string();
}

}  // namespace

std::string source_location(const std::string& path) {
  if (auto subdataset = parse_subdataset_name(path)) {
    subdataset->file = source_location(subdataset->file);
    return subdataset->text();
  }
  for (const std::string_view archive : kArchives) {
    if (!starts_with(path, archive)) continue;
    const std::string inner = path.substr(archive.size());
    // "{...}" marks where the archive's own name ends: left as it was written.
    if (inner.empty() || inner.front() == '{') return path;
    return std::string(archive) + source_location(inner);
  }
  if (starts_with(path, "/vsi") || path.find("://") != std::string::npos) return path;
  return canonical(path);
}

}  // namespace topobathy
