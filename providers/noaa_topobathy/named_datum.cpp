#include "providers/noaa_topobathy/named_datum.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace topobathy {
namespace {

/// Letters and digits only, upper case: "NAVD 88" and "NAVD88" are one.
std::string letters(const std::string& name) {
  std::string found;
  for (const unsigned char c : name)
    if (std::isalnum(c) != 0) found += static_cast<char>(std::toupper(c));
  return found;
}

bool names(const std::string& text, const char* word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

std::string crs_of_datum(const std::string& name) {
  // The first that is found counts: "NAVD88 from NAD83(2011) ellipsoid heights by Geoid18" counts
  // from NAVD88.
  constexpr std::array<std::pair<const char*, const char*>, 33> kNames = {{
      {"NAVD88", "EPSG:5703"},
      {"NORTHAMERICANVERTICALDATUM", "EPSG:5703"},
      {"PRVD02", "EPSG:6641"},
      {"PUERTORICOVERTICALDATUM", "EPSG:6641"},
      {"VIVD09", "EPSG:6642"},
      {"VIRGINISLANDSVERTICALDATUM", "EPSG:6642"},
      {"GUVD04", "EPSG:6644"},
      {"GUAMVERTICALDATUM", "EPSG:6644"},
      {"NMVD03", "EPSG:6640"},
      {"NORTHERNMARIANASVERTICALDATUM", "EPSG:6640"},
      {"ASVD02", "EPSG:6643"},
      {"AMERICANSAMOAVERTICALDATUM", "EPSG:6643"},
      {"MLLW", "MLLW"},
      {"MEANLOWERLOWWATER", "MLLW"},
      {"EPSG5703", "EPSG:5703"},
      {"EPSG6360", "EPSG:5703"},  // NAVD88 in feet: the datum is what counts, the file names units
      {"EPSG8228", "EPSG:5703"},
      {"EPSG6641", "EPSG:6641"},
      {"EPSG6642", "EPSG:6642"},
      {"EPSG6644", "EPSG:6644"},
      {"EPSG6640", "EPSG:6640"},
      {"EPSG6643", "EPSG:6643"},
      {"EPSG5866", "MLLW"},
      {"ITRF2020", "EPSG:9989"},
      {"ITRF2014", "EPSG:7912"},
      {"ITRF2008", "EPSG:7911"},
      {"ITRF", ""},  // which one is a matter of centimetres to decimetres
      {"WGS84", "EPSG:4979"},
      {"WORLDGEODETICSYSTEM1984", "EPSG:4979"},
      {"NAD83", "EPSG:6319"},
      {"NORTHAMERICANDATUM1983", "EPSG:6319"},
      {"GRS80", "EPSG:6319"},
      {"ELLIPSOID", "EPSG:6319"},
  }};
  const std::string text = letters(name);
  const auto* const known = std::find_if(
      kNames.begin(), kNames.end(), [&](const auto& entry) { return names(text, entry.first); });
  return known == kNames.end() ? "" : known->second;
}

int datum_score(const std::string& name) {
  constexpr std::array kEllipsoidal = {"EPSG:6319", "EPSG:4979", "EPSG:9989", "EPSG:7912",
                                       "EPSG:7911"};
  const std::string crs = crs_of_datum(name);
  if (names(letters(name), "GEOID18")) return 3;
  if (crs == "EPSG:5703") return 2;
  const bool ellipsoidal = std::any_of(kEllipsoidal.begin(), kEllipsoidal.end(),
                                       [&](const char* known) { return crs == known; });
  return ellipsoidal ? 0 : 1;
}

}  // namespace topobathy
