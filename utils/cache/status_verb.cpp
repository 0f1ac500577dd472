#include <limits>
#include <utility>

#include "cache/manage/survey.h"
#include "utils/cache/cache_text.h"
#include "utils/cache/cache_verbs.h"
#include "utils/cache/status_report.h"
#include "utils/exit_status.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

/// Ten seconds' worth on two processors, of a warm disk.
constexpr std::uint64_t kCellsAsked = 50000;

}  // namespace

int run_status(const CacheRequest& request, bool every, std::ostream& out) {
  const std::uint64_t most = every ? std::numeric_limits<std::uint64_t>::max() : kCellsAsked;
  CacheStatus status;
  status.root = request.root;
  CacheSurvey survey = survey_cache(request.root, most, request.threads);
  status.summary = std::move(survey.summary);
  status.census = std::move(survey.census);
  if (request.json)
    out << json_text(status_json(status)) << '\n';
  else
    print_status(out, status);
  return tell_unread(status.summary.walk, request.root) ? kExitFailure : kExitOk;
}

}  // namespace topobathy
