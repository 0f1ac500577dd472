#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/name_pattern.h"
#include "fusion/policy/policy.h"
#include "fusion/source_ids.h"

namespace topobathy {

/// The include and exclude patterns of a step's filter, on survey names. Immutable, so any thread
/// may ask.
class SurveyFilter {
 public:
  explicit SurveyFilter(const Filter& filter)
      : min_year_(filter.min_year),
        include_(filter.include_patterns.begin(), filter.include_patterns.end()),
        exclude_(filter.exclude_patterns.begin(), filter.exclude_patterns.end()) {}

  /// An include pattern matches (or there is none) and no exclude pattern does.
  bool keeps(const std::string& name) const {
    return (include_.empty() || matches_any(include_, name)) && !matches_any(exclude_, name);
  }
  /// The same of a survey with its dates: one that is known to be older than min_year is left out.
  bool keeps(const SourceRecord& survey) const {
    const std::string& day = survey.date_end.empty() ? survey.date_start : survey.date_end;
    const int year = std::atoi(day.substr(0, 4).c_str());  // 0: not stated
    return keeps(survey.survey_id) && (!min_year_ || year == 0 || year >= *min_year_);
  }

 private:
  std::optional<int> min_year_;
  std::vector<NamePattern> include_;
  std::vector<NamePattern> exclude_;
};

}  // namespace topobathy
