#include "providers/raster/overview_ids.h"

#include <cmath>

#include "fusion/window.h"

namespace topobathy {
namespace {

/// Enough that a mean which happens to be a known id does not decide.
constexpr std::int64_t kEnoughPixels = 1024;

bool is_known_id(float value, const std::set<std::int64_t>& known_values) {
  constexpr float kExactLimit = 16777216.0F;  // 2^24
  return std::fabs(value) <= kExactLimit && value == std::trunc(value) &&
         known_values.count(static_cast<std::int64_t>(value)) != 0;
}

/// Counts the ids of a tile; false at the first value that is none.
bool count_ids(const std::vector<float>& tile, const std::set<std::int64_t>& known_values,
               std::int64_t& seen) {
  for (const float value : tile) {
    if (std::isnan(value)) continue;
    if (!is_known_id(value, known_values)) return false;
    ++seen;
  }
  return true;
}

bool level_is_exact(BlockReader& reader, int level, int band,
                    const std::set<std::int64_t>& known_values, std::int64_t& seen) {
  const RasterLevel& size = reader.header().levels[static_cast<std::size_t>(level)];
  for (std::int64_t row = 0; row < ceil_div(size.height, size.block_height); ++row) {
    for (std::int64_t col = 0; col < ceil_div(size.width, size.block_width); ++col) {
      if (!count_ids(*reader.block(level, band, col, row, {}), known_values, seen)) return false;
    }
  }
  return true;
}

}  // namespace

bool overview_ids_exact(BlockReader& reader, int band, const std::set<std::int64_t>& known_values) {
  std::int64_t seen = 0;
  for (int level = static_cast<int>(reader.header().levels.size()) - 1;
       level > 0 && seen < kEnoughPixels; --level) {
    if (!level_is_exact(reader, level, band, known_values, seen)) return false;
  }
  return true;
}

}  // namespace topobathy
