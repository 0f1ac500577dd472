#pragma once

#include <memory>
#include <string>
#include <vector>

namespace topobathy {

/// Include and exclude patterns on survey names. A pattern that begins with "(?i)" or "^" is a regular expression that must match from the
/// start of the name; any other is a glob (*, ?, [...], case-sensitive) of the whole name.
class SurveyPatterns {
 public:
  SurveyPatterns(const std::vector<std::string>& include, const std::vector<std::string>& exclude);
  ~SurveyPatterns();

  /// True when an include pattern matches (or there is none) and no exclude pattern does.
  bool keep(const std::string& name) const;

 private:
  class Pattern;
  std::vector<std::unique_ptr<Pattern>> include_;
  std::vector<std::unique_ptr<Pattern>> exclude_;
};

}  // namespace topobathy
