#include "utils/token_file.h"

#include <algorithm>
#include <fstream>

#include "fusion/error.h"

namespace topobathy {
namespace {

/// Nothing that would end a header's line.
bool is_token(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::string read_token_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Error(ErrorCode::kNotFound, "the token file '" + path + "' cannot be read");
  std::string line;
  std::getline(file, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
    line.pop_back();
  if (!is_token(line))
    throw Error(ErrorCode::kUsage, "the token file '" + path +
                                       "' holds no token in its first line: one word of ASCII "
                                       "characters");
  return line;
}

}  // namespace topobathy
