#include "providers/raster/catalogue_ids.h"

#include "providers/raster/survey_filter.h"

namespace topobathy {

CatalogueIds::CatalogueIds(const RasterCatalogue& catalogue, const Filter& filter, SourceIds& ids) {
  const SurveyFilter surveys(filter);
  std::unordered_set<SourceId> told;
  const auto number_of = [&](const SourceRecord& record) {
    const SourceId id = ids.assign(record);
    // Of a survey in many tiles the first speaks: tiles that disagree must not take turns.
    if (told.insert(id).second) ids.refresh(record);
    return id;
  };
  for (const CatalogueFile& file : catalogue.files()) {
    File& numbers = files_.emplace_back();
    numbers.whole = number_of(file.record);
    for (const auto& [value, record] : file.contributors) {
      const SourceId id = number_of(record);
      numbers.contributors[value] = id;
      if (!surveys.keeps(record)) excluded_.insert(id);
    }
  }
}

std::vector<SourceId> CatalogueIds::all() const {
  std::vector<SourceId> ids;
  for (const File& file : files_) {
    if (file.contributors.empty()) ids.push_back(file.whole);
    for (const auto& [value, id] : file.contributors)
      if (!excluded(id)) ids.push_back(id);
  }
  return ids;
}

SourceId CatalogueIds::of_contributor(int file, float value) const noexcept {
  const auto& contributors = files_[static_cast<std::size_t>(file)].contributors;
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<float>(whole) != value) return kNoSource;
  const auto known = contributors.find(whole);
  return known == contributors.end() ? kNoSource : known->second;
}

}  // namespace topobathy
