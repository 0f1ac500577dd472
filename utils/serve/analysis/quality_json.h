#pragma once

#include <map>
#include <nlohmann/json.hpp>

#include "utils/serve/analysis/quality.h"

namespace topobathy {

/// The most features of a report, cliffs and jumps each.
constexpr std::size_t kMostFeatures = 500;

/// {stats, features (GeoJSON in longitude and latitude), rules, note}.
nlohmann::json quality_json(const Lattice& lattice, const LatticeWindow& window,
                            const Quality& quality, const std::map<SourceId, SourceRecord>& sources,
                            const QualityRules& rules = {});

}  // namespace topobathy
