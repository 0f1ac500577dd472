#pragma once

#include <string>

namespace topobathy {

enum class JsonShape { kAny, kObject };

/// Whether a file is JSON of that shape. \returns "" or what is wrong
std::string check_json(const std::string& path, JsonShape shape);

/// A whole small file; "" when it cannot be read.
std::string read_text(const std::string& path);

}  // namespace topobathy
