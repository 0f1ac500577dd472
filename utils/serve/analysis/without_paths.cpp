#include "utils/serve/analysis/without_paths.h"

#include <algorithm>
#include <string_view>

namespace topobathy {
namespace {

/// What a path in a message ends at.
bool ends_path(char c) noexcept {
  return std::string_view(" \t\n'\"`(),;=<>").find(c) != std::string_view::npos;
}

}  // namespace

std::string without_paths(const std::string& message) {
  std::string shown;
  for (auto at = message.begin(); at != message.end();) {
    const auto end = std::find_if(at, message.end(), ends_path);
    const std::string_view word(message.data() + (at - message.begin()),
                                static_cast<std::size_t>(end - at));
    const bool is_path = word.size() > 1 && (word.front() == '/' || word.rfind("file:", 0) == 0 ||
                                             word.rfind("./", 0) == 0 || word.rfind("..", 0) == 0);
    shown += is_path ? word.substr(word.find_last_of('/', word.size() - 2) + 1) : word;
    if (end == message.end()) break;
    shown += *end;
    at = end + 1;
  }
  return shown;
}

}  // namespace topobathy
