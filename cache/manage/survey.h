#pragma once

#include <cstdint>
#include <string>

#include "cache/manage/cell_census.h"
#include "cache/manage/summary.h"

namespace topobathy {

struct CacheSurvey {
  CacheSummary summary;
  CellCensus census;
};

/// Sizes of all there is, and what the cells of tiers 2 and 3 say of themselves: at most so many of
/// them are asked, as each takes a tenth of a millisecond or, on a cold disk, a seek. One walk.
/// \throws Error(kCache)
CacheSurvey survey_cache(const std::string& root, std::uint64_t most, std::size_t threads);

}  // namespace topobathy
