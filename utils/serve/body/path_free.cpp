#include "utils/serve/body/path_free.h"

#include <cctype>

namespace topobathy {
namespace {

bool begins_path(const std::string& text, std::size_t at) {
  if (text[at] != '/' || at + 1 == text.size() || text[at + 1] == '/' || text[at + 1] == ' ')
    return false;
  if (at == 0) return true;
  const char before = text[at - 1];
  return before != '/' && before != '.' && before != '_' && before != '-' && before != '>' &&
         std::isalnum(static_cast<unsigned char>(before)) == 0;
}

/// Where the path ends that begins at `at`: at the quote that was opened before it, else at a blank
/// or what ends a clause.
std::size_t end_of_path(const std::string& text, std::size_t at) {
  const char before = at == 0 ? ' ' : text[at - 1];
  const std::size_t end = before == '\'' || before == '"'
                              ? text.find(before, at)
                              : text.find_first_of(" \n\t'\"`:;,()", at);
  return end == std::string::npos ? text.size() : end;
}

}  // namespace

std::string path_free(const std::string& message) {
  std::string text;
  for (std::size_t at = 0; at < message.size();) {
    if (!begins_path(message, at)) {
      text += message[at++];
      continue;
    }
    const std::size_t end = end_of_path(message, at);
    const std::string path = message.substr(at, end - at);
    const std::size_t last = path.find_last_not_of('/');
    const std::size_t slash = path.rfind('/', last);
    text += path.substr(slash + 1, last - slash);
    at = end;
  }
  return text;
}

}  // namespace topobathy
