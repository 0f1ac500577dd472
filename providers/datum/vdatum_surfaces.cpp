#include "providers/datum/vdatum_surfaces.h"

#include <array>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr const char* kOnContinent = "EPSG:5703";
constexpr const char* kOnPuertoRico = "EPSG:6641";
constexpr const char* kVivd09 = "EPSG:6642";
constexpr const char* kSeaLevel = "EPSG:5714";
constexpr const char* kLowWater = "LWD";  ///< of rivers: few regions have it

[[noreturn]] void refuse_missing(const std::string& file) {
  throw Error(ErrorCode::kUnsupported, "'" + file +
                                           "' is missing, a grid of NOAA's VDatum; unpack the "
                                           "archive that holds it into the same folder");
}

void add(SurfaceSum& sum, const std::string& path, double sign) {
  sum.terms.push_back({GtxGrid::open(path), sign});
}

void add_surface(SurfaceSum& sum, const VdatumRegion& region, const std::string& suffix,
                 double sign) {
  const std::string path = region.surface(suffix);
  if (path.empty()) refuse_missing(region.folder + "/" + region.name + "_" + suffix + ".gtx");
  add(sum, path, sign);
}

void add_geoid(SurfaceSum& sum, const VdatumBundle& bundle, const std::string& file, double sign) {
  const std::string path = bundle.root + "/core/" + file;
  if (!stamp_file(path)) refuse_missing(path);
  add(sum, path, sign);
}

/// Adds the height of a datum above local mean sea level. \returns false: the region has none
bool add_level(SurfaceSum& sum, const VdatumBundle& bundle, const VdatumRegion& region,
               const std::string& datum, double sign) {
  const bool islands = region.kind == VdatumRegion::Kind::kIslands;
  if (datum == kSeaLevel) return true;
  if (datum == kOnPuertoRico || datum == kVivd09) return islands;
  if (datum == kLowWater && region.surface("lwd").empty()) return false;
  if (const auto suffix = tidal_suffix(datum)) {
    add_surface(sum, region, *suffix, sign);
    return true;
  }
  if (datum != kOnContinent || islands) return false;
  add_surface(sum, region, "tss", sign);
  if (region.kind == VdatumRegion::Kind::kNavd88) return true;
  add_geoid(sum, bundle, region.alaskan() ? "geoid12b/g2012ba0.gtx" : "geoid18/g2018u0.gtx", sign);
  add_geoid(sum, bundle, "xgeoid20b/conuspac.gtx", -sign);
  sum.frame_changes += sign;
  return true;
}

}  // namespace

double SurfaceSum::at(const LonLat& place, double frame_change) const {
  double sum = frame_changes == 0.0 ? 0.0 : frame_changes * frame_change;
  for (const Term& term : terms)
    sum += term.sign * term.grid->at(place.lon, place.lat);
  return sum;
}

std::optional<std::string> tidal_suffix(const std::string& canonical) {
  struct Entry {
    const char* datum;
    const char* suffix;
  };
  constexpr std::array kEntries = {Entry{"EPSG:5866", "mllw"}, Entry{"EPSG:5867", "mlw"},
                                   Entry{"EPSG:5868", "mhw"},  Entry{"EPSG:5869", "mhhw"},
                                   Entry{"MTL", "mtl"},        Entry{"DTL", "dtl"},
                                   Entry{kLowWater, "lwd"},    Entry{kSeaLevel, ""}};
  for (const Entry& entry : kEntries)
    if (canonical == entry.datum) return entry.suffix;
  return std::nullopt;
}

std::optional<SurfaceSum> surface_sum(const VdatumBundle& bundle, const VdatumRegion& region,
                                      const std::string& from, const std::string& to) {
  SurfaceSum sum;
  if (!add_level(sum, bundle, region, from, 1.0) || !add_level(sum, bundle, region, to, -1.0))
    return std::nullopt;
  return sum;
}

SurfaceSum columbia_sum(const VdatumBundle& bundle, double sign) {
  SurfaceSum sum;
  const std::string path = bundle.root + "/CRD/crd.gtx";
  if (!stamp_file(path)) refuse_missing(path);
  add(sum, path, sign);
  return sum;
}

}  // namespace topobathy
