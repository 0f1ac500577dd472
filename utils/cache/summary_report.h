#pragma once

#include <ostream>
#include <string>

#include <nlohmann/json.hpp>

#include "cache/manage/summary.h"

namespace topobathy {

/// The table of tiers: number, name, size, items, a mark on what is not empty, a warning on what is
/// dear.
void print_summary(std::ostream& out, const std::string& root, const CacheSummary& summary);

nlohmann::ordered_json sum_json(const FileSum& sum);
/// The format is a contract: docs/cache.md.
nlohmann::ordered_json summary_json(const std::string& root, const CacheSummary& summary);

}  // namespace topobathy
