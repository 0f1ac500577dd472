#include "utils/serve/policy/client_pattern.h"

#include <cctype>
namespace topobathy {
namespace {

constexpr int kMostRepeats = 3;

bool is_expression(const std::string& text) {
  return text.rfind("(?i)", 0) == 0 || text.rfind('^', 0) == 0;
}

bool is_repeat(char c) noexcept {
  return c == '*' || c == '+' || c == '{';
}

/// A repeated group, a back reference or many repeats: what makes backtracking explode.
bool may_explode(const std::string& text) {
  int repeats = 0;
  char before = '\0';
  bool in_class = false;
  for (std::size_t i = text.rfind("(?i)", 0) == 0 ? 4 : 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      if (i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1])) != 0)
        return true;
      ++i;
      before = c;
      continue;
    }
    if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (is_repeat(c)) {
      if (before == ')' || ++repeats > kMostRepeats) return true;
    }
    before = c;
  }
  return false;
}

}  // namespace

std::string why_not_allowed(const std::string& text) {
  if (text.find("://") != std::string::npos || text.find("/vsi") != std::string::npos ||
      text.find("..") == 0 || text.rfind('/', 0) == 0)
    return "looks like a file or an address; write the name of a survey or project";
  if (is_expression(text) && may_explode(text))
    return "is a regular expression that this server does not take: no repeated groups, no back "
           "references, at most " +
           std::to_string(kMostRepeats) + " repeats; a glob (* ? [...]) has no such limits";
  return "";
}

}  // namespace topobathy
