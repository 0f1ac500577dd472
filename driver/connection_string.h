#pragma once

#include <string>

#include <cpl_string.h>

#include "driver/open_options.h"

/// TOPOBATHY:path?option=value&option=value, TOPOBATHY:{JSON policy}, TOPOBATHY: followed by a line
/// break and a YAML policy (options may stand before the line break: TOPOBATHY:?resolution=10). Or
/// simply the path of a policy file.
namespace topobathy {

struct ConnectionString {
  std::string path;  ///< as written; empty with an inline policy
  std::string text;  ///< inline policy
  NamedValues options;
};

bool has_connection_prefix(const char* name) noexcept;

/// Takes the name apart; opens nothing. Option values are percent-decoded, the path is not (see
/// resolve_path). \throws Error(kUsage)
ConnectionString parse_connection_string(const std::string& name);

/// The file that a path of a connection string names: as written if such a file exists, else
/// percent-decoded, so that both /vsicurl/ URLs and a "?" written as %3F work. Looks at the file
/// system only when the path has a "%".
std::string resolve_path(const std::string& path);

/// Adds the open options. The same option in both places is fine only with the same value. Options
/// of GDAL itself are left out. \throws Error(kUsage) on a conflict
void add_open_options(ConnectionString& connection, CSLConstList open_options);

}  // namespace topobathy
