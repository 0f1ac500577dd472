#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "driver/level_view.h"

namespace topobathy {

struct PixelPlace {
  std::int64_t col = 0;
  std::int64_t row = 0;
};

/// The pixel that an item of the LocationInfo domain asks for: Pixel_<col>_<row> or
/// GeoPixel_<x>_<y>, as GDAL's VRT driver spells them. Nothing for another name or a place outside
/// the raster.
std::optional<PixelPlace> location_of(const LevelView& view, const char* item);

/// What made the pixel, as XML: <LocationInfo> with the contributors, top first, and what every
/// step gave to the pixel's cell.
std::string location_info_xml(const PixelExplanation& pixel);

}  // namespace topobathy
