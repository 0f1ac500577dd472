#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace topobathy {

/// Any bytes as a JSON value: UTF-8 as a string, anything else (old file names) as {"hex": "..."}.
/// Different bytes, different values.
nlohmann::json json_from_bytes(const std::string& bytes);
/// The inverse. \throws nlohmann::json::exception, std::invalid_argument
std::string bytes_from_json(const nlohmann::json& value);

/// JSON that a stranger sent; discarded where it is none, or is nested deeper than any answer in
/// use: its tree could take several hundred times the memory of its text.
nlohmann::json parse_foreign_json(const std::string& text);

/// Compact ASCII text (zarr-python 2 reads no other) with sorted keys; doubles as the shortest
/// decimals that read back to the same bits. Never throws on bad UTF-8 (replaced).
std::string canonical_text(const nlohmann::json& value);

}  // namespace topobathy
