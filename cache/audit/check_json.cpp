#include "cache/audit/check_json.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cache/json_text.h"

namespace topobathy {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string check_json(const std::string& path, JsonShape shape) {
  const nlohmann::json value = parse_foreign_json(read_text(path));
  if (value.is_discarded()) return "no JSON, or cut short";
  if (shape == JsonShape::kObject && !value.is_object()) return "its JSON is no object";
  return "";
}

}  // namespace topobathy
