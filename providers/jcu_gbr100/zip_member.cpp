#include "providers/jcu_gbr100/zip_member.h"

#include <algorithm>
#include <vector>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

/// DEFLATE cannot pack tighter (zlib's documentation: 1032 to 1).
constexpr std::uint64_t kTightest = 1032;
constexpr std::size_t kMostMembers = 10'000;

bool is_safe(const std::string& member) {
  const bool odd = std::any_of(member.begin(), member.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\\' || c == 127;
  });
  if (odd || member.empty() || member.front() == '/') return false;
  const CPLStringList parts(CSLTokenizeString2(member.c_str(), "/", CSLT_ALLOWEMPTYTOKENS));
  return std::none_of(parts.List(), parts.List() + parts.Count(),
                      [](const char* part) { return EQUAL(part, ".."); });
}

std::vector<std::string> sorted_members(const std::string& folder) {
  const CPLStringList listed(VSIReadDirRecursive(folder.c_str()));
  std::vector<std::string> members(listed.List(), listed.List() + listed.Count());
  std::sort(members.begin(), members.end());
  return members;
}

std::string refusal_of(const std::vector<std::string>& members) {
  if (members.empty()) return "it is no zip archive, or an empty one";
  if (members.size() > kMostMembers) return "it has too many members";
  const auto unsafe = std::find_if_not(members.begin(), members.end(), is_safe);
  if (unsafe == members.end()) return "";
  // Not the name itself: it may hold anything.
  return "one of its members has an unsafe name";
}

/// "" = none.
std::string choose_grid(const std::vector<std::string>& members) {
  for (const char* extension : {"tif", "tiff", "nc", "grd"}) {
    const auto grid = std::find_if(members.begin(), members.end(), [&](const std::string& member) {
      return EQUAL(CPLGetExtension(member.c_str()), extension);
    });
    if (grid != members.end()) return *grid;
  }
  return "";
}

std::uint64_t size_of(const std::string& path) {
  VSIStatBufL about;
  return VSIStatL(path.c_str(), &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

}  // namespace

GridInZip find_grid_in_zip(const std::string& zip, std::uint64_t max_bytes) {
  const QuietGdalErrors quiet;
  const std::string folder = "/vsizip/{" + zip + "}";
  const std::vector<std::string> members = sorted_members(folder);
  std::string refusal = refusal_of(members);
  if (!refusal.empty()) return {"", refusal};
  const std::string grid = choose_grid(members);
  if (grid.empty()) return {"", "there is no *.tif, *.nc or *.grd in it"};
  const std::uint64_t size = size_of(folder + "/" + grid);
  if (size > max_bytes || size / kTightest > size_of(zip))
    return {"", "its member '" + grid + "' claims to have " + std::to_string(size) +
                    " bytes, more than can be"};
  return {folder + "/" + grid, ""};
}

}  // namespace topobathy
