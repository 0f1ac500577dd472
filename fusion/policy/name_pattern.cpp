#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 warns inside std::regex itself when a sanitizer is on.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include "fusion/policy/name_pattern.h"

#include <fnmatch.h>

#include <algorithm>
#include <regex>
#include <string_view>

namespace topobathy {

struct NamePattern::Regex {
  std::regex compiled;
};

NamePattern::NamePattern(const std::string& pattern) : glob_(pattern) {
  constexpr std::string_view kIgnoreCase = "(?i)";
  const bool ignores_case = pattern.rfind(kIgnoreCase, 0) == 0;
  if (!ignores_case && pattern.rfind('^', 0) != 0) return;
  auto flags = std::regex::ECMAScript;
  if (ignores_case) flags |= std::regex::icase;
  const std::string text = pattern.substr(ignores_case ? kIgnoreCase.size() : 0);
  regex_ = std::make_unique<Regex>(Regex{std::regex(text, flags)});
}

NamePattern::~NamePattern() = default;
NamePattern::NamePattern(NamePattern&&) noexcept = default;
NamePattern& NamePattern::operator=(NamePattern&&) noexcept = default;

bool NamePattern::matches(const std::string& name) const {
  if (regex_ == nullptr) return fnmatch(glob_.c_str(), name.c_str(), 0) == 0;
  return std::regex_search(name, regex_->compiled, std::regex_constants::match_continuous);
}

bool matches_any(const std::vector<NamePattern>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const NamePattern& pattern) { return pattern.matches(name); });
}

}  // namespace topobathy
