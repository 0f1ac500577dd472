#include "cache/json_text.h"

#include <stdexcept>

namespace topobathy {
namespace {

using nlohmann::json;

bool is_utf8(const std::string& bytes) {
  bool ascii = true;
  for (const char c : bytes)
    ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  if (ascii) return true;
  try {
    (void)json(bytes).dump();  // strict by default
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

std::string to_hex(const std::string& bytes) {
  static const char* const kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

std::string from_hex(const std::string& hex) {
  if (hex.size() % 2) throw std::invalid_argument("odd number of hexadecimal digits");
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

}  // namespace

json parse_foreign_json(const std::string& text) {
  struct TooDeep {};
  constexpr int kDeepest = 64;
  const auto check = [](int depth, json::parse_event_t, json&) {
    if (depth > kDeepest) throw TooDeep();
    return true;
  };
  try {
    return json::parse(text, check, /*allow_exceptions=*/false);
  } catch (const TooDeep&) {
    return json(json::value_t::discarded);
  }
}

json json_from_bytes(const std::string& bytes) {
  if (is_utf8(bytes)) return bytes;
  return json{{"hex", to_hex(bytes)}};
}

std::string bytes_from_json(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  return from_hex(value.at("hex").get<std::string>());
}

std::string canonical_text(const json& value) {
  return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace topobathy
