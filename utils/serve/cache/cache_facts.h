#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cache/manage/survey.h"

namespace topobathy {

/// The tiers, what they hold and when to purge them: a list.
nlohmann::json tiers_answer();
/// Sizes by tier. `made`: when, UTC.
nlohmann::json summary_answer(const CacheSummary& summary, const std::string& made);
/// By style, policy and level, provider, file (docs/service/cache.md). `root`: asked for names of
/// policies and entries of databases.
nlohmann::json detail_answer(const std::string& root, const CacheSurvey& survey,
                             const std::string& made);

}  // namespace topobathy
