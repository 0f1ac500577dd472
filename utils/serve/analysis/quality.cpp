#include "utils/serve/analysis/quality.h"

#include <algorithm>
#include <cmath>

namespace topobathy {

Quality assess_quality(const Lattice& lattice, const LayerPlanes& planes,
                       const QualityRules& rules) {
  Quality quality;
  quality.pixels = static_cast<std::int64_t>(planes.elevation.size());
  const float* const heights = planes.elevation.data();
  quality.valid = std::count_if(heights, heights + planes.elevation.size(),
                                [](float height) { return !std::isnan(height); });
  find_cliffs(lattice, planes, rules, quality);
  quality.jumps = find_jumps(lattice, planes, rules);
  return quality;
}

}  // namespace topobathy
