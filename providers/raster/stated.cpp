#include "providers/raster/stated.h"

#include <algorithm>
#include <array>

#include <cpl_string.h>

namespace topobathy {

std::string stated(const std::string& text) {
  const CPLString trimmed = CPLString(text).Trim();
  // "//" is what CARIS writes into the fields of a BAG that were left blank.
  constexpr std::array kNotStated = {"N/A", "NA", "NONE", "NULL", "NAN", "-", "//", "?", "UNKNOWN"};
  const bool absent = std::any_of(kNotStated.begin(), kNotStated.end(),
                                  [&](const char* word) { return EQUAL(trimmed.c_str(), word); });
  return absent ? "" : std::string(trimmed);
}

}  // namespace topobathy
