#include "cache/manage/survey.h"

#include <atomic>
#include <utility>
#include <vector>

#include "cache/cache_walk.h"

namespace topobathy {

CacheSurvey survey_cache(const std::string& root, std::uint64_t most, std::size_t threads) {
  std::vector<CacheSurvey> parts(threads);
  std::atomic<std::uint64_t> seen{0};
  WalkOptions options;
  options.threads = threads;
  WalkResult walk = walk_cache(root, options, [&](const CacheEntry& entry, std::size_t worker) {
    CacheSurvey& part = parts[worker];
    part.summary.add(entry);
    if (!is_cell(entry)) return;
    if (++seen > most)
      ++part.census.not_looked_at;
    else
      part.census.add(root, entry);
  });
  CacheSurvey whole;
  for (const CacheSurvey& part : parts) {
    whole.summary.add(part.summary);
    whole.census.add(part.census);
  }
  whole.summary.walk = std::move(walk);
  return whole;
}

}  // namespace topobathy
