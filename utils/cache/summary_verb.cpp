#include "cache/manage/summary.h"
#include "utils/cache/cache_text.h"
#include "utils/cache/cache_verbs.h"
#include "utils/cache/summary_report.h"
#include "utils/exit_status.h"
#include "utils/json_values.h"

namespace topobathy {

int run_summary(const CacheRequest& request, bool hint, std::ostream& out) {
  const CacheSummary summary = summarise_cache(request.root, request.threads);
  if (request.json) {
    out << json_text(summary_json(request.root, summary)) << '\n';
  } else {
    print_summary(out, request.root, summary);
    if (hint)
      out << "topobathy cache --help says how to look closer (--status), check (--check) and purge "
             "(--purge); on a terminal topobathy cache is a menu\n";
  }
  return tell_unread(summary.walk, request.root) ? kExitFailure : kExitOk;
}

}  // namespace topobathy
