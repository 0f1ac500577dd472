#include "utils/source_row.h"

#include <cstdio>

#include "cache/json_text.h"
#include "cache/record_json.h"
#include "driver/source_colour.h"

namespace topobathy {
namespace {

/// A key names its file as the policy does: of "file:/data/a.tif#7" the name is "a.tif#7".
std::string name_in_key(const std::string& key) {
  const std::size_t kind = key.find(':');
  const std::string rest = kind == std::string::npos ? key : key.substr(kind + 1);
  const std::size_t folder = rest.find_last_of("/\\");
  return folder == std::string::npos ? rest : rest.substr(folder + 1);
}

bool is_web_link(const std::string& text) {
  return text.rfind("https://", 0) == 0 || text.rfind("http://", 0) == 0;
}

}  // namespace

std::string source_name(const SourceRecord& record) {
  if (!record.survey_id.empty()) return record.survey_id;
  if (record.whole_step) return record.provider;
  const std::string named = name_in_key(record.key);
  return named.empty() ? record.provider : named;
}

std::string hex_colour(SourceId id) {
  const Colour colour = source_colour(id);
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", static_cast<unsigned>(colour.red) & 255U,
                static_cast<unsigned>(colour.green) & 255U,
                static_cast<unsigned>(colour.blue) & 255U);
  return text;
}

nlohmann::json source_row(SourceId id, const SourceRecord& record) {
  nlohmann::json row = record_json(record);
  for (const char* internal : {"location", "key", "whole_step"})
    row.erase(internal);
  for (const char* link : {"link", "license_url"})
    if (row.contains(link) && !(row[link].is_string() && is_web_link(row[link]))) row.erase(link);
  row["id"] = id;
  row["name"] = json_from_bytes(source_name(record));
  row["colour"] = hex_colour(id);
  return row;
}

}  // namespace topobathy
