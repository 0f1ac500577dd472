#include "utils/json_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace topobathy {
namespace {

template <class Number>
std::string shortest(Number value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return std::string(text, end.ptr);
}

}  // namespace

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

nlohmann::ordered_json float_json(double value) {
  if (!std::isfinite(value)) return nullptr;
  const std::string text = shortest(static_cast<float>(value));
  double decimal = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), decimal);
  return decimal;
}

nlohmann::ordered_json text_json(const std::string& text) {
  if (text.empty()) return nullptr;
  return text;
}

std::string shown_number(double value) {
  return shortest(value);
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace topobathy
