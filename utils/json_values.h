#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace topobathy {

/// Of every JSON answer. Goes up when a member is renamed, removed or means something else; members
/// may be added.
constexpr int kJsonFormat = 1;

/// Indented; bytes of foreign files that are no UTF-8 become replacement characters.
std::string json_text(const nlohmann::ordered_json& json);

/// A number whose source is Float32, in the fewest digits that Float32 reads back; null for NaN.
nlohmann::ordered_json float_json(double value);

/// Text that a source may leave out: null where it is empty.
nlohmann::ordered_json text_json(const std::string& text);

/// The fewest digits that say the number exactly.
std::string shown_number(double value);

/// Line breaks as blanks.
std::string one_line(std::string text);

}  // namespace topobathy
