#pragma once

#include <optional>
#include <string>

#include "providers/align/proj_crs.h"

namespace topobathy {

/// The geographic CRS in which the newest published geoid model of a vertical datum is given
/// ("EPSG:6318" for NAVD88): the path of a height is from its datum to that frame, and not through
/// an older model of another frame that PROJ would prefer for points that happen to be in it
/// (NAD83 and WGS 84 points get GEOID99 and GEOID09 in place of GEOID18). Nothing for datums whose
/// models all belong to one frame, which PROJ finds by itself.
std::optional<std::string> home_frame(PJ_CONTEXT* context, const HeightReference& heights);

}  // namespace topobathy
