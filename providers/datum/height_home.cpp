#include "providers/datum/height_home.h"

#include <cstring>

namespace topobathy {
namespace {

struct Home {
  const char* datum;  ///< EPSG's name
  const char* frame;
};

constexpr Home kHomes[] = {
    {"North American Vertical Datum 1988", "EPSG:6318"},        // GEOID18, Alaska GEOID12B
    {"National Geodetic Vertical Datum 1929", "EPSG:6318"},     // through NAVD88
    {"Puerto Rico Vertical Datum of 2002", "EPSG:6318"},        // GEOID18
    {"Virgin Islands Vertical Datum of 2009", "EPSG:6318"},     // GEOID18
    {"Northern Marianas Vertical Datum of 2003", "EPSG:6325"},  // GEOID12B on NAD83(MA11)
    {"Guam Vertical Datum of 2004", "EPSG:6325"},               // GEOID12B on NAD83(MA11)
    {"American Samoa Vertical Datum of 2002", "EPSG:6322"},     // GEOID12B on NAD83(PA11)
    {"EGM2008 geoid", "EPSG:4326"},
    {"EGM96 geoid", "EPSG:4326"},
    {"EGM84 geoid", "EPSG:4326"},
};

}  // namespace

std::optional<std::string> home_frame(PJ_CONTEXT* context, const HeightReference& heights) {
  if (heights.ellipsoidal) return std::nullopt;
  const ProjObject datum(proj_crs_get_datum_forced(context, heights.crs.get()));
  const char* const name = datum ? proj_get_name(datum.get()) : nullptr;
  if (name == nullptr) return std::nullopt;
  for (const Home& home : kHomes)
    if (std::strcmp(home.datum, name) == 0) return home.frame;
  return std::nullopt;
}

}  // namespace topobathy
