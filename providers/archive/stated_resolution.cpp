#include "providers/archive/stated_resolution.h"

#include <cpl_conv.h>
#include <cpl_string.h>

namespace topobathy {

double resolution_of(const std::string& text) {
  char* end = nullptr;
  const double number = CPLStrtod(text.c_str(), &end);
  if (end == text.c_str() || !(number > 0.0) || number > 1e5) return 0.0;
  const CPLString unit = CPLString(end).Trim();
  if (EQUAL(unit.c_str(), "m")) return number;
  return EQUAL(unit.c_str(), "cm") ? number / 100.0 : 0.0;
}

}  // namespace topobathy
