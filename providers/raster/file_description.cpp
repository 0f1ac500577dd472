#include "providers/raster/file_description.h"

#include <cpl_conv.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "fusion/error.h"
#include "providers/raster/source_location.h"

namespace topobathy {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return text;
}

int band_named(const RasterHeader& header, const std::string& name) {
  for (std::size_t band = 0; band < header.band_names.size(); ++band)
    if (lower(header.band_names[band]) == name) return static_cast<int>(band) + 1;
  return 0;
}

void check_georeference(const RasterHeader& header) {
  const double* g = header.geotransform;
  const double determinant = g[1] * g[5] - g[2] * g[4];
  bool finite = true;
  for (int k = 0; k < 6; ++k)
    finite &= std::isfinite(g[k]);
  const bool unset =
      g[0] == 0 && g[1] == 1 && g[2] == 0 && g[3] == 0 && g[4] == 0 && std::fabs(g[5]) == 1;
  if (!finite || determinant == 0 || unset)
    throw Error(ErrorCode::kUnsupported,
                "'" + header.path +
                    "' has no geotransform (it is not georeferenced, or only by 2-D coordinates): "
                    "warp it to a regular grid first (gdalwarp -geoloc)");
}

void find_bands(CatalogueFile& file) {
  if (const int band = band_named(file.header, "elevation")) file.elevation_band = band;
  file.uncertainty_band = band_named(file.header, "uncertainty");
  if (file.uncertainty_band == file.elevation_band) file.uncertainty_band = 0;
}

/// The contributors' table, if there are pixels of such a band.
void read_contributors(const RasterOpenOptions& options, FileDescription& description) {
  const RasterHeader& header = description.header;
  ContributorTable table = read_contributor_table(header.path, options);
  if (table.band == 0 || table.band > header.bands || table.sources.empty()) return;
  description.contributors = std::move(table);
}

void name_sources(CatalogueFile& file, FileDescription& description) {
  file.record = std::move(description.facts.survey);
  file.record.provider = "raster";
  file.record.key = "file:" + file.key;
  file.record.location = source_location(file.path);
  file.record.survey_id = CPLGetBasename(file.path.c_str());
  file.source_band = description.contributors.band;
  for (auto& [value, record] : description.contributors.sources) {
    record.provider = "raster";
    // One survey in many tiles is one source, wherever they are; a row without a survey id is only
    // itself.
    if (record.survey_id.empty()) {
      record.key = file.record.key + "#" + std::to_string(value);
      record.location = file.record.location;
      record.survey_id = file.record.survey_id + "#" + std::to_string(value);
    } else {
      record.key = "survey:" + record.survey_id;
    }
  }
  file.contributors = std::move(description.contributors.sources);
}

}  // namespace

FileDescription describe_file(const std::string& path, bool allow_vrt) {
  RasterOpenOptions options;
  options.allow_vrt = allow_vrt;
  auto reader = open_raster(path, options);
  FileDescription description;
  description.facts = read_file_facts(path, reader->header());
  if (!description.facts.open_options.empty()) {
    options.open_options = description.facts.open_options;
    reader = open_raster(path, options);
  }
  description.header = reader->header();
  check_georeference(description.header);
  read_contributors(options, description);
  description.neighbours = neighbours_of(description.header);
  return description;
}

CatalogueFile make_catalogue_file(const NamedFile& name, FileDescription description,
                                  const Step& step) {
  CatalogueFile file;
  file.path = name.path;
  file.key = name.key;
  file.open_options = description.facts.open_options;
  file.header = std::move(description.header);
  if (file.header.crs_wkt.empty()) {
    file.header.crs_wkt = description.facts.crs;
    file.crs_assumed = description.facts.crs_assumed && step.files.crs.empty();
  }
  if (step.files.crs.empty() && file.header.crs_wkt.empty())
    throw Error(
        ErrorCode::kUnsupported,
        "'" + name.path + "' has no coordinate reference system: state it with 'crs:' in the step");
  find_bands(file);
  name_sources(file, description);
  return file;
}

}  // namespace topobathy
