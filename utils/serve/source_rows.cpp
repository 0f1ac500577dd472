#include "utils/serve/source_rows.h"

#include <array>
#include <cstdio>

#include "cache/record_json.h"
#include "driver/source_colour.h"

namespace topobathy {

std::string source_colour_text(SourceId id) {
  const Colour colour = source_colour(id);
  std::array<char, 8> text;
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", static_cast<unsigned>(colour.red) & 255U,
                static_cast<unsigned>(colour.green) & 255U,
                static_cast<unsigned>(colour.blue) & 255U);
  return text.data();
}

nlohmann::json source_rows(const std::map<SourceId, SourceRecord>& sources) {
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& [id, record] : sources) {
    nlohmann::json row = record_json(record);
    row.erase("location");
    row.erase("whole_step");
    row["id"] = id;
    row["colour"] = source_colour_text(id);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace topobathy
