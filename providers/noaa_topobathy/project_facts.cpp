#include "providers/noaa_topobathy/project_facts.h"

#include <cstdlib>
#include <regex>

#include "providers/coastal/bucket.h"
#include "providers/coastal/published_names.h"
#include "providers/coastal/unusable.h"
#include "providers/noaa_topobathy/named_datum.h"
#include "providers/noaa_topobathy/project_tiles.h"

namespace topobathy {
namespace {

Asset facts_of(const std::string& number) {
  Asset facts;
  facts.id = number;
  facts.url = inport_page(number);
  facts.access = Asset::Access::kService;
  facts.box = coastal::kWorld;
  facts.revision = number;
  facts.heights.by = StatedBy::kArchive;
  return facts;
}

}  // namespace

Asset project_asset(const DemProject& project) {
  Asset asset;
  asset.id = project.id;
  asset.project = project.id;
  asset.url = coastal::object_url(dem_prefix(project.folder) + "index.html");
  asset.access = Asset::Access::kService;
  asset.box = project.box.value_or(coastal::kWorld);
  asset.year = project.year > 0 ? project.year : year_in_name(project.folder);
  asset.revision = project.folder;
  asset.heights.by = StatedBy::kArchive;
  asset.record.provider = "noaa_topobathy";
  asset.record.key = "project:" + project.id;
  asset.record.survey_id = project.folder;
  asset.record.link = project.item.empty() ? asset.url : inport_page(project.item);
  return asset;
}

std::string item_of(const Asset& project) {
  return inport_item(project.record.link);
}

Asset facts_asset(const std::string& number, const InPortItem& item) {
  Asset facts = facts_of(number);
  facts.heights.crs = crs_of_datum(item.vertical_datum);
  facts.year = std::atoi(item.date_end.substr(0, 4).c_str());
  facts.resolution = item.resolution;
  facts.rank = item.bathymetric ? 1.0 : 0.0;
  facts.record.vertical_datum = item.vertical_datum;
  facts.record.vertical_basis = item.vertical_datum.empty() ? "" : "archive";
  facts.record.date_start = item.date_start;
  facts.record.date_end = item.date_end;
  facts.record.institution = item.institution;
  facts.record.resolution = item.resolution;
  return facts;
}

void adopt_facts(Asset& project, const Asset& facts) {
  SourceRecord record = facts.record;
  record.provider = project.record.provider;
  record.key = project.record.key;
  record.survey_id = project.record.survey_id;
  record.link = project.record.link;
  project.record = std::move(record);
  project.heights = facts.heights;
  project.resolution = facts.resolution;
  if (facts.year > 0) project.year = facts.year;
}

void adopt_project(Asset& tile, const Asset& project) {
  tile.heights = project.heights;
  tile.resolution = project.resolution;
  tile.year = project.year;
  tile.rank = project.rank;
  tile.record = project.record;
}

int year_in_name(const std::string& folder) {
  static const std::regex kBetween("_([0-9]{4})(?=_)"), kNumber("[0-9]+");
  std::smatch part;
  if (std::regex_search(folder, part, kBetween)) {
    const int year = std::atoi(part[1].str().c_str());
    if (year >= 1950 && year <= 2030) return year;
  }
  int last = 0;
  for (std::sregex_iterator it(folder.begin(), folder.end(), kNumber), end; it != end; ++it) {
    const std::string digits = it->str();
    const int number = digits.size() == 4 ? std::atoi(digits.c_str()) : 0;
    if (number >= 1950 && number <= 2030) last = number;
  }
  return last;
}

bool named_topobathy(const std::string& folder) {
  const std::string name = coastal::lower_case(folder);
  return name.find("topobathy") != std::string::npos || name.find("bathymetr") != std::string::npos;
}

}  // namespace topobathy
