#pragma once

#include <string>
#include <vector>

#include "fusion/policy/name_pattern.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// The include and exclude patterns of a step's filter, on survey names. Immutable, so any thread
/// may ask.
class SurveyFilter {
 public:
  explicit SurveyFilter(const Filter& filter)
      : include_(filter.include_patterns.begin(), filter.include_patterns.end()),
        exclude_(filter.exclude_patterns.begin(), filter.exclude_patterns.end()) {}

  /// An include pattern matches (or there is none) and no exclude pattern does.
  bool keeps(const std::string& name) const {
    return (include_.empty() || matches_any(include_, name)) && !matches_any(exclude_, name);
  }

 private:
  std::vector<NamePattern> include_;
  std::vector<NamePattern> exclude_;
};

}  // namespace topobathy
