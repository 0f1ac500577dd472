#pragma once

#include <ostream>

#include "fusion/fused_raster.h"
#include "utils/find_pixel.h"

namespace topobathy {

/// What `explain` has to tell.
struct ExplanationReport {
  const FusedRaster& raster;
  int level;
  LonLat asked;
  const FoundPixel& place;
  const PixelExplanation& pixel;
};

void print_text(std::ostream& out, const ExplanationReport& report);
/// The format is a contract: docs/program.md.
void print_json(std::ostream& out, const ExplanationReport& report);

}  // namespace topobathy
