#include "utils/byte_text.h"

#include <cstdio>

namespace topobathy {

std::string byte_text(std::int64_t bytes) {
  if (bytes < 0) return "?";
  if (bytes < 1024) return std::to_string(bytes) + " B";
  auto size = static_cast<double>(bytes) / 1024.0;
  const char* const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  // What would be rounded to "1024.0" is 1 of the next unit.
  for (; size >= 1023.95 && unit < 4; ++unit)
    size /= 1024.0;
  char text[40];
  std::snprintf(text, sizeof text, "%.1f %s", size, units[unit]);
  return text;
}

}  // namespace topobathy
