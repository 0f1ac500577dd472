#include "providers/etopo_2022/etopo_archive.h"

#include <cmath>
#include <cstdio>
#include <string>

namespace topobathy {
namespace {

constexpr const char* kFolder =
    "https://www.ngdc.noaa.gov/mgg/global/relief/ETOPO2022/data/15s/15s_surface_elev_gtif/";
constexpr double kTileDegrees = 15.0;
constexpr double kMetres = 111320.0 / 240.0;  // 15 arc-seconds of latitude

/// "ETOPO_2022_v1_15s_N45W090_surface": the corner in the north-west.
std::string tile_name(const LonLatBox& box) {
  char name[64];
  std::snprintf(name, sizeof name, "ETOPO_2022_v1_15s_%c%02.0f%c%03.0f_surface",
                box.north < 0 ? 'S' : 'N', std::fabs(box.north), box.west < 0 ? 'W' : 'E',
                std::fabs(box.west));
  return name;
}

Asset tile(const LonLatBox& box) {
  Asset asset;
  asset.id = tile_name(box);
  asset.url = kFolder + asset.id + ".tif";
  asset.box = box;
  asset.resolution = kMetres;
  asset.revision = "2022_v1";
  asset.heights = {"EPSG:3855", StatedBy::kArchive};
  SourceRecord& record = asset.record;
  record.provider = "etopo_2022";
  record.survey_id = "ETOPO 2022 v1 15s surface";
  record.key = "survey:" + record.survey_id;  // one source in all tiles
  record.institution = "NOAA National Centers for Environmental Information";
  record.license_name = "public domain";
  record.vertical_datum = "EGM2008";
  record.vertical_basis = "archive";
  record.resolution = kMetres;
  record.link = "https://doi.org/10.25921/fd45-gt74";
  return asset;
}

}  // namespace

std::vector<Candidate> EtopoArchive::find(const LonLatBox& box) {
  std::vector<Candidate> found;
  for (const DegreeSquare& square : degree_squares(box, kTileDegrees))
    found.push_back({tile(square.box), ""});
  sort_candidates(found);
  return found;
}

}  // namespace topobathy
