#pragma once

#include <ostream>
#include <string>

#include <nlohmann/json.hpp>

#include "cache/manage/cell_census.h"
#include "cache/manage/summary.h"

namespace topobathy {

struct CacheStatus {
  std::string root;
  CacheSummary summary;
  CellCensus census;
};

void print_status(std::ostream& out, const CacheStatus& status);
/// The format is a contract: docs/cache.md.
nlohmann::ordered_json status_json(const CacheStatus& status);

/// Of a file of tier 4: "3 regions, 120 assets"; "" where it has none to count.
std::string entries_text(const std::string& path);

/// Where cells of one lattice lie, degrees: "lon -70.80 to -70.70, lat 42.96 to 43.04"; "" where
/// their CRS has no such place.
std::string range_text(const CellGroup& group, const CellSum& sum);
nlohmann::ordered_json range_json(const CellGroup& group, const CellSum& sum);

}  // namespace topobathy
