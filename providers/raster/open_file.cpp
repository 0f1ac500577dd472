#include "providers/raster/open_file.h"

#include <cpl_conv.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <list>
#include <mutex>
#include <set>
#include <unordered_map>

#include "fusion/error.h"
#include "providers/raster/contributor_table.h"
#include "providers/raster/file_facts.h"
#include "providers/raster/overview_ids.h"
#include "providers/raster/sampling_tuning.h"
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

RasterOpenOptions options_for(const CatalogueFile& file, const Step& step) {
  RasterOpenOptions options;
  options.open_options = file.open_options;
  options.allow_vrt = step.files.allow_vrt;
  return options;
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

void name_sources(CatalogueFile& file, const Step& step, const SourceRecord& survey,
                  BlockReader& reader) {
  file.record = survey;
  file.record.provider = "raster";
  file.record.key = "file:" + file.key;
  file.record.location = source_location(file.path);
  file.record.survey_id = CPLGetBasename(file.path.c_str());
  const ContributorTable table = read_contributor_table(file.path, options_for(file, step));
  if (table.band == 0 || table.band > file.header.bands) return;
  file.source_band = table.band;
  std::set<std::int64_t> values;
  for (const auto& [value, row] : table.sources) {
    SourceRecord record = row;
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
    file.contributors[value] = record;
    values.insert(value);
  }
  if (file.contributors.empty()) {
    file.source_band = 0;
    return;
  }
  file.overview_ids = overview_ids_exact(reader, file.source_band, values);
}

/// Readers used lately, by path and revision.
class ReaderPool {
 public:
  std::shared_ptr<BlockReader> get(const CatalogueFile& file, const Step& step) {
    const std::string key =
        file.path + '\n' + file.header.revision + (step.files.allow_vrt ? "v" : "");
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (const auto known = index_.find(key); known != index_.end()) {
        readers_.splice(readers_.begin(), readers_, known->second);
        return known->second->second;
      }
    }
    auto reader = open_raster(file.path, options_for(file, step));
    if (reader->header().revision != file.header.revision)
      throw Error(
          ErrorCode::kUnreadable,
          "'" + file.path + "' was changed while the dataset was open: open the dataset again");
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto known = index_.find(key); known != index_.end()) return known->second->second;
    readers_.emplace_front(key, reader);
    index_[key] = readers_.begin();
    if (readers_.size() > kKeptReaders) {
      index_.erase(readers_.back().first);
      readers_.pop_back();
    }
    return reader;
  }
  void clear() {
    const std::lock_guard<std::mutex> lock(mutex_);
    readers_.clear();
    index_.clear();
  }

 private:
  using Entry = std::pair<std::string, std::shared_ptr<BlockReader>>;
  std::mutex mutex_;
  std::list<Entry> readers_;
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
};

ReaderPool& pool() {
  static ReaderPool readers;
  return readers;
}

}  // namespace

CatalogueFile describe_file(const NamedFile& name, const Step& step) {
  CatalogueFile file;
  file.path = name.path;
  file.key = name.key;
  auto reader = open_raster(name.path, options_for(file, step));
  const FileFacts facts = read_file_facts(name.path, reader->header());
  if (!facts.open_options.empty()) {
    file.open_options = facts.open_options;
    reader = open_raster(name.path, options_for(file, step));
  }
  file.header = reader->header();
  check_georeference(file.header);
  if (file.header.crs_wkt.empty()) {
    file.header.crs_wkt = facts.crs;
    file.crs_assumed = facts.crs_assumed && step.files.crs.empty();
  }
  if (step.files.crs.empty() && file.header.crs_wkt.empty())
    throw Error(
        ErrorCode::kUnsupported,
        "'" + name.path + "' has no coordinate reference system: state it with 'crs:' in the step");
  find_bands(file);
  name_sources(file, step, facts.survey, *reader);
  return file;
}

std::shared_ptr<BlockReader> reader_of(const CatalogueFile& file, const Step& step) {
  return pool().get(file, step);
}

void drop_readers() {
  pool().clear();
}

}  // namespace topobathy
