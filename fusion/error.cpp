#include "fusion/error.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace topobathy {
namespace {

using nlohmann::json;

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte < 0x7F) || c == '\n' || c == '\t';
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x80 && !is_plain(c);
}

}  // namespace

std::string Place::text() const {
  if (line <= 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string printable(const std::string& text) {
  if (std::all_of(text.begin(), text.end(), is_plain)) return text;
  // The library's writer puts U+FFFD in place of what is no UTF-8.
  const std::string mended = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  auto shown = json::parse(mended).get<std::string>();
  std::replace_if(shown.begin(), shown.end(), is_control, '?');
  return shown;
}

}  // namespace topobathy
