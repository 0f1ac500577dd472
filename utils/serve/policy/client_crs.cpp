#include "utils/serve/policy/client_crs.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>

#include "fusion/policy/read_step.h"
#include "providers/datum/height_names.h"

namespace topobathy {
namespace {

constexpr std::size_t kLongestWkt = 16384;

std::string upper_case(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

bool is_database_code(const std::string& text) {
  constexpr std::size_t kLongest = 64;
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || text.size() > kLongest || colon + 1 == text.size())
    return false;
  const std::string authority = upper_case(text.substr(0, colon));
  constexpr std::string_view kAuthorities[] = {"EPSG", "ESRI", "OGC", "IGNF", "IAU_2015", "NKG"};
  const std::string code =
      text.substr(colon + 1);  // "4326+5773" is a horizontal and a vertical one
  return std::find(std::begin(kAuthorities), std::end(kAuthorities), authority) !=
             std::end(kAuthorities) &&
         std::all_of(code.begin(), code.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '+'; });
}

bool is_plain_wkt(const std::string& text) {
  if (text.size() > kLongestWkt) return false;
  const std::string upper = upper_case(text);
  constexpr std::string_view kRoots[] = {"GEOGCS[",  "PROJCS[",  "COMPD_CS[",    "VERT_CS[",
                                         "GEOGCRS[", "PROJCRS[", "COMPOUNDCRS[", "VERTCRS["};
  if (std::none_of(std::begin(kRoots), std::end(kRoots),
                   [&](std::string_view root) { return upper.rfind(root, 0) == 0; }))
    return false;
  constexpr std::string_view kFileBearers[] = {"EXTENSION", "PARAMETERFILE", "GRIDS", "+INIT",
                                               "BOUNDCRS",  "PIPELINE",      "+PROJ"};
  return std::none_of(std::begin(kFileBearers), std::end(kFileBearers),
                      [&](std::string_view word) { return upper.find(word) != std::string::npos; });
}

}  // namespace

std::string client_crs(const std::string& text) {
  return is_database_code(text) || is_plain_wkt(text) ? normal_crs(text) : "";
}

std::string client_heights(const std::string& text) {
  const std::string upper = upper_case(text);
  for (const std::string& name : height_names())
    if (upper_case(name) == upper) return text;
  return client_crs(text);
}

}  // namespace topobathy
