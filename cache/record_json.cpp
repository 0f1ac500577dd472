#include "cache/record_json.h"

#include <array>

#include "cache/json_text.h"

namespace topobathy {
namespace {

/// The text members of a SourceRecord with their names.
struct RecordField {
  const char* name;
  std::string SourceRecord::*member;
};
constexpr std::array<RecordField, 13> kTexts{{
    {"provider", &SourceRecord::provider},
    {"key", &SourceRecord::key},
    {"location", &SourceRecord::location},
    {"survey_id", &SourceRecord::survey_id},
    {"institution", &SourceRecord::institution},
    {"date_start", &SourceRecord::date_start},
    {"date_end", &SourceRecord::date_end},
    {"license_name", &SourceRecord::license_name},
    {"license_url", &SourceRecord::license_url},
    {"vertical_datum", &SourceRecord::vertical_datum},
    {"vertical_basis", &SourceRecord::vertical_basis},
    {"vertical_shift", &SourceRecord::vertical_shift},
    {"link", &SourceRecord::link},
}};

}  // namespace

nlohmann::json record_json(const SourceRecord& record) {
  nlohmann::json object{{"whole_step", record.whole_step}};
  for (const RecordField& field : kTexts)
    if (const std::string& text = record.*field.member; !text.empty())
      object[field.name] = json_from_bytes(text);
  if (record.vertical_accuracy >= 0) object["vertical_accuracy"] = record.vertical_accuracy;
  if (record.resolution > 0) object["resolution"] = record.resolution;
  if (record.interpolated) object["interpolated"] = true;
  return object;
}

SourceRecord record_from_json(const nlohmann::json& object) {
  SourceRecord record;
  record.whole_step = object.at("whole_step").get<bool>();
  for (const RecordField& field : kTexts)
    if (const auto found = object.find(field.name); found != object.end())
      record.*field.member = bytes_from_json(*found);
  record.vertical_accuracy = object.value("vertical_accuracy", record.vertical_accuracy);
  record.resolution = object.value("resolution", record.resolution);
  record.interpolated = object.value("interpolated", false);
  return record;
}

}  // namespace topobathy
