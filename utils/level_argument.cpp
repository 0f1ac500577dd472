#include "utils/level_argument.h"

#include <string>

#include "fusion/error.h"

namespace topobathy {

void require_level(const FusedRaster& raster, int level) {
  if (level >= 0 && level <= raster.coarsest_level()) return;
  throw Error(ErrorCode::kUsage, "--level " + std::to_string(level) +
                                     ": this raster has levels 0 to " +
                                     std::to_string(raster.coarsest_level()));
}

}  // namespace topobathy
