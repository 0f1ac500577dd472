#include "providers/raster/description_bytes.h"

#include <nlohmann/json.hpp>

#include <array>

namespace topobathy {
namespace {

using Json = nlohmann::json;

// Arrays, not maps: no key is written ten thousand times. Texts are bytes as the file has them,
// which CBOR takes where JSON text would not.

/// What a file states of a survey; provider and key are the catalogue's.
constexpr std::array kSurveyFields = {&SourceRecord::survey_id,     &SourceRecord::institution,
                                      &SourceRecord::date_start,    &SourceRecord::date_end,
                                      &SourceRecord::license_name,  &SourceRecord::license_url,
                                      &SourceRecord::vertical_datum};

Json survey_json(const SourceRecord& survey) {
  Json fields = Json::array();
  for (const auto field : kSurveyFields)
    fields.push_back(survey.*field);
  return fields;
}

SourceRecord read_survey(const Json& fields) {
  SourceRecord survey;
  for (std::size_t i = 0; i < kSurveyFields.size(); ++i)
    fields.at(i).get_to(survey.*kSurveyFields[i]);
  return survey;
}

Json header_json(const RasterHeader& header) {
  Json nodata = Json::array(), levels = Json::array();
  for (const auto& value : header.nodata)
    nodata.push_back(value ? Json(*value) : Json());
  for (const RasterLevel& level : header.levels)
    levels.push_back({level.width, level.height, level.block_width, level.block_height});
  return Json::array({header.driver, header.geotransform, header.crs_wkt, header.bands, nodata,
                      header.band_names, levels});
}

RasterHeader read_header(const Json& json) {
  RasterHeader header;
  json.at(0).get_to(header.driver);
  for (std::size_t k = 0; k < 6; ++k)
    json.at(1).at(k).get_to(header.geotransform[k]);
  json.at(2).get_to(header.crs_wkt);
  json.at(3).get_to(header.bands);
  for (const Json& value : json.at(4))
    header.nodata.push_back(value.is_null() ? std::nullopt : std::optional(value.get<double>()));
  json.at(5).get_to(header.band_names);
  for (const Json& level : json.at(6))
    header.levels.push_back({level.at(0), level.at(1), level.at(2), level.at(3)});
  return header;
}

Json facts_json(const FileFacts& facts) {
  return Json::array({facts.crs, facts.crs_assumed, facts.open_options, survey_json(facts.survey)});
}

FileFacts read_facts(const Json& json) {
  FileFacts facts;
  json.at(0).get_to(facts.crs);
  json.at(1).get_to(facts.crs_assumed);
  json.at(2).get_to(facts.open_options);
  facts.survey = read_survey(json.at(3));
  return facts;
}

Json contributors_json(const ContributorTable& table) {
  Json sources = Json::array();
  for (const auto& [value, survey] : table.sources)
    sources.push_back(Json::array({value, survey_json(survey)}));
  return Json::array({table.band, sources});
}

ContributorTable read_contributors(const Json& json) {
  ContributorTable table;
  json.at(0).get_to(table.band);
  for (const Json& row : json.at(1))
    table.sources.emplace(row.at(0).get<std::int64_t>(), read_survey(row.at(1)));
  return table;
}

Json neighbours_json(const std::vector<FileNeighbour>& neighbours) {
  Json json = Json::array();
  for (const FileNeighbour& neighbour : neighbours)
    json.push_back(Json::array({neighbour.path, neighbour.revision}));
  return json;
}

std::vector<FileNeighbour> read_neighbours(const Json& json) {
  std::vector<FileNeighbour> neighbours;
  for (const Json& one : json)
    neighbours.push_back({one.at(0), one.at(1)});
  return neighbours;
}

}  // namespace

std::string description_bytes(const FileDescription& description) {
  std::string bytes;
  Json::to_cbor(Json::array({header_json(description.header), facts_json(description.facts),
                             contributors_json(description.contributors),
                             neighbours_json(description.neighbours)}),
                nlohmann::detail::output_adapter<char>(bytes));
  return bytes;
}

std::optional<FileDescription> read_description(const std::string& bytes) {
  try {
    const Json json = Json::from_cbor(bytes);
    FileDescription description;
    description.header = read_header(json.at(0));
    description.facts = read_facts(json.at(1));
    description.contributors = read_contributors(json.at(2));
    description.neighbours = read_neighbours(json.at(3));
    return description;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace topobathy
