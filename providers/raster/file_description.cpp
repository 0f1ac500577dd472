#include "providers/raster/file_description.h"

#include <cpl_conv.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string_view>
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

/// Fills what the one does not state with what the other does.
void fill_in(SourceRecord& record, const SourceRecord& other) {
  for (const auto field :
       {&SourceRecord::survey_id, &SourceRecord::institution, &SourceRecord::date_start,
        &SourceRecord::date_end, &SourceRecord::license_name, &SourceRecord::license_url,
        &SourceRecord::vertical_datum})
    if ((record.*field).empty()) record.*field = other.*field;
}

SourceRecord record_of(const NamedFile& name, const SourceRecord& survey) {
  SourceRecord record = survey;
  record.survey_id = CPLGetBasename(name.path.c_str());
  if (name.archived) {
    record = name.archived->record;
    // The file knows what its heights count from better than its catalogue does.
    if (!survey.vertical_datum.empty()) record.vertical_datum = survey.vertical_datum;
    fill_in(record, survey);
    return record;
  }
  record.provider = "raster";
  record.key = "file:" + name.key;
  record.location = source_location(name.path);
  return record;
}

/// BlueTopo marks what it has filled in between soundings by the end of the survey id.
bool is_interpolated(const std::string& survey_id) {
  constexpr std::string_view kEnd = ".interpolated";
  return survey_id.size() > kEnd.size() &&
         survey_id.compare(survey_id.size() - kEnd.size(), kEnd.size(), kEnd) == 0;
}

void name_contributor(const CatalogueFile& file, std::int64_t value, SourceRecord& record) {
  const SourceRecord& whole = file.record;
  record.provider = whole.provider;
  record.resolution = whole.resolution;
  record.link = whole.link;
  record.interpolated = is_interpolated(record.survey_id);
  if (record.vertical_datum.empty()) record.vertical_datum = whole.vertical_datum;
  // One survey in many tiles is one source, wherever they are; a row without a survey id is only
  // itself.
  if (!record.survey_id.empty()) {
    record.key = "survey:" + record.survey_id;
    return;
  }
  record.key = whole.key + "#" + std::to_string(value);
  record.location = whole.location;
  record.survey_id = whole.survey_id + "#" + std::to_string(value);
}

void name_sources(const NamedFile& name, CatalogueFile& file, FileDescription& description) {
  file.record = record_of(name, description.facts.survey);
  file.source_band = description.contributors.band;
  for (auto& [value, record] : description.contributors.sources)
    name_contributor(file, value, record);
  file.contributors = std::move(description.contributors.sources);
}

/// The side-car that the archive delivers beside the file.
void take_sidecar(const NamedFile& name, FileDescription& description) {
  if (!name.archived || name.archived->sidecar.empty()) return;
  ContributorTable table = read_contributor_sidecar(name.archived->sidecar);
  if (table.band == 0 || table.band > description.header.bands || table.sources.empty()) return;
  description.contributors = std::move(table);
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
  file.heights_text = description.facts.survey.vertical_datum;
  if (name.archived) file.archive_heights = name.archived->heights;
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
  take_sidecar(name, description);
  name_sources(name, file, description);
  return file;
}

}  // namespace topobathy
