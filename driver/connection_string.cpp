#include "driver/connection_string.h"

#include <algorithm>
#include <cstring>

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr char kPrefix[] = "TOPOBATHY:";

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kUsage, message);
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A "%" that begins no escape stays. "+" stays too: PROJ strings begin with it.
std::string percent_decoded(const std::string& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (!escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

const std::pair<std::string, std::string>* find_option(const NamedValues& options,
                                                       const std::string& name) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const auto& option) {
    return EQUAL(option.first.c_str(), name.c_str());
  });
  return found == options.end() ? nullptr : &*found;
}

NamedValues parse_query(const std::string& query) {
  NamedValues options;
  const CPLStringList parts(CSLTokenizeString2(query.c_str(), "&", 0));
  for (int i = 0; i < parts.size(); ++i) {
    const std::string part = parts[i];
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0)
      refuse("Connection string: \"" + part +
             "\" is not option=value; a \"?\" inside the path is written %3F, a \"&\" inside a "
             "value %26");
    std::string name = percent_decoded(part.substr(0, equals));
    if (find_option(options, name) != nullptr)
      refuse("Connection string: option " + name + " is given twice");
    options.emplace_back(std::move(name), percent_decoded(part.substr(equals + 1)));
  }
  return options;
}

bool is_inline_text(const std::string& rest) {
  return !rest.empty() && (rest[0] == '{' || rest[0] == '\n' || rest[0] == '\r');
}

/// GDALOpenEx handles these itself, or keeps them for its own use.
bool belongs_to_gdal(const char* name) {
  return name[0] == '@' || EQUAL(name, "OVERVIEW_LEVEL") || EQUAL(name, "NATIVE_DATA");
}

}  // namespace

bool has_connection_prefix(const char* name) noexcept {
  return STARTS_WITH_CI(name, kPrefix);
}

ConnectionString parse_connection_string(const std::string& name) {
  ConnectionString connection;
  if (!has_connection_prefix(name.c_str())) {
    connection.path = name;
    return connection;
  }
  std::string rest = name.substr(std::strlen(kPrefix));
  const std::size_t line_break = rest.find_first_of("\r\n");
  if (!rest.empty() && rest[0] == '?' && line_break != std::string::npos) {
    connection.options = parse_query(rest.substr(1, line_break - 1));
    rest.erase(0, line_break);
  }
  if (is_inline_text(rest)) {
    connection.text = rest;
    return connection;
  }
  const std::size_t question = rest.find('?');
  connection.path = rest.substr(0, question);
  if (question != std::string::npos) connection.options = parse_query(rest.substr(question + 1));
  if (connection.path.empty())
    refuse(
        "Connection string: no policy given; write TOPOBATHY:path or "
        "TOPOBATHY:path?option=value");
  return connection;
}

std::string resolve_path(const std::string& path) {
  if (path.find('%') == std::string::npos) return path;
  VSIStatBufL status;
  if (VSIStatExL(path.c_str(), &status, VSI_STAT_EXISTS_FLAG) == 0) return path;
  return percent_decoded(path);
}

void add_open_options(ConnectionString& connection, CSLConstList open_options) {
  for (CSLConstList item = open_options; item != nullptr && *item != nullptr; ++item) {
    char* key = nullptr;
    const char* value = CPLParseNameValue(*item, &key);
    const std::string name = key == nullptr ? *item : key;
    CPLFree(key);
    if (belongs_to_gdal(name.c_str())) continue;
    if (value == nullptr) refuse("Open option " + name + " is not NAME=VALUE");
    const auto* same = find_option(connection.options, name);
    if (same == nullptr)
      connection.options.emplace_back(name, value);
    else if (!EQUAL(same->second.c_str(), value))
      refuse("Option " + name + " is " + same->second + " in the connection string and " + value +
             " in the open options; give it once");
  }
}

}  // namespace topobathy
