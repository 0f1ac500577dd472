#pragma once

#include <string>
#include <vector>

namespace topobathy {

/// What a value of GEBCO's Type Identifier (TID) grid means.
struct TypeIdentifier {
  int value;
  const char* meaning;
  /// "direct" (measured, 10 to 17), "indirect" (predicted or interpolated, 40 to 47) or "unknown".
  const char* quality;
};

/// All that are documented. Source: GEBCO grid documentation, TID code table.
const std::vector<TypeIdentifier>& type_identifiers();

/// Of a value that is not documented, too: the meaning then says so.
TypeIdentifier type_identifier(int value);

/// "GEBCO 2025 (TID 11)": how the source is called in attribute tables and patterns.
std::string type_identifier_name(int value);

}  // namespace topobathy
