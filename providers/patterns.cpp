#include "providers/patterns.h"

#include <fnmatch.h>

#include <algorithm>
#include <optional>
#include <regex>

#include "fusion/error.h"

namespace topobathy {

class SurveyPatterns::Pattern {
 public:
  explicit Pattern(const std::string& text) : glob_(text) {
    const bool ignore_case = text.rfind("(?i)", 0) == 0;
    if (!ignore_case && text.rfind("^", 0) != 0) return;
    try {
      expression_.emplace(ignore_case ? text.substr(4) : text,
                          ignore_case ? std::regex::ECMAScript | std::regex::icase : std::regex::ECMAScript);
    } catch (const std::regex_error& error) {
      throw Error(ErrorCode::kPolicy, "pattern '" + text + "' is not a regular expression: " + error.what());
    }
  }
  bool matches(const std::string& name) const {
    if (expression_)
      return std::regex_search(name, *expression_, std::regex_constants::match_continuous);
    return fnmatch(glob_.c_str(), name.c_str(), 0) == 0;
  }

 private:
  std::string glob_;
  std::optional<std::regex> expression_;
};

namespace {

template <class Patterns>
bool any_matches(const Patterns& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return pattern->matches(name); });
}

}  // namespace

SurveyPatterns::SurveyPatterns(const std::vector<std::string>& include,
                               const std::vector<std::string>& exclude) {
  for (const auto& text : include)
    include_.push_back(std::make_unique<Pattern>(text));
  for (const auto& text : exclude)
    exclude_.push_back(std::make_unique<Pattern>(text));
}

SurveyPatterns::~SurveyPatterns() = default;

bool SurveyPatterns::keep(const std::string& name) const {
  return (include_.empty() || any_matches(include_, name)) && !any_matches(exclude_, name);
}

}  // namespace topobathy
