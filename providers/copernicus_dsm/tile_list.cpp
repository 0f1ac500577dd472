#include "providers/copernicus_dsm/tile_list.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "fusion/error.h"
#include "providers/dem/names.h"

namespace topobathy {
namespace {

[[noreturn]] void refuse(const std::string& url, const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "'" + url + "': " + why);
}

/// "Copernicus_DSM_COG_10_N40_00_W074_00_DEM" where the corner is N40 W074.
std::string name_of(const std::string& seconds_text, int south, int west) {
  char corner[32];
  std::snprintf(corner, sizeof corner, "%c%02d_00_%c%03d_00", south < 0 ? 'S' : 'N',
                std::abs(south), west < 0 ? 'W' : 'E', std::abs(west));
  return "Copernicus_DSM_COG_" + seconds_text + "_" + corner + "_DEM";
}

LonLatBox box_of(int south, int west, double pixel) {
  constexpr double kWidest = 10.0;
  return on_first_turn({west - kWidest * pixel / 2.0, static_cast<double>(south), west + 1.0,
                        south + 1.0 + pixel / 2.0});
}

/// A name is believed when writing it anew from the corner in it gives the same text.
CopernicusTile tile_of(const std::string& name, const std::string& seconds_text,
                       const std::string& url) {
  char ns = 0;
  char ew = 0;
  int lat = 0;
  int lon = 0;
  const std::string prefix = "Copernicus_DSM_COG_" + seconds_text + "_";
  const bool read =
      name.rfind(prefix, 0) == 0 &&
      std::sscanf(name.c_str() + prefix.size(), "%c%2d_00_%c%3d_00", &ns, &lat, &ew, &lon) == 4;
  const int south = ns == 'S' ? -lat : lat;
  const int west = ew == 'W' ? -lon : lon;
  const bool on_earth = south >= -90 && south < 90 && west >= -180 && west < 180;
  if (!read || !on_earth || name != name_of(seconds_text, south, west))
    refuse(url,
           "a line is no name of a tile; the list is not believed (a login page or proxy may "
           "answer in its place)");
  return {name, box_of(south, west, std::atoi(seconds_text.c_str()) / 36000.0)};
}

}  // namespace

std::vector<CopernicusTile> read_tile_list(const std::string& text, const std::string& seconds_text,
                                           const std::string& url) {
  if (text.size() > kMaxTileListBytes)
    refuse(url, "the list is longer than " + std::to_string(kMaxTileListBytes) + " bytes");
  std::vector<CopernicusTile> tiles;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) tiles.push_back(tile_of(line, seconds_text, url));
  }
  if (tiles.empty()) refuse(url, "the list names no tile; try again later");
  return tiles;
}

}  // namespace topobathy
