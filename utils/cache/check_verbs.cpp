#include "utils/cache/check_verbs.h"

#include "providers/audit/check_file.h"
#include "utils/cache/check_progress.h"
#include "utils/cache/check_report.h"
#include "utils/exit_status.h"

namespace topobathy {
namespace {

AuditSettings settings_of(const CheckRequest& request) {
  AuditSettings settings;
  settings.root = request.root;
  settings.quick = request.quick;
  settings.leftovers_only = request.orphans_only;
  settings.clean = request.clean && !request.dry_run;
  settings.leftovers.timeout = request.lock_timeout;
  settings.threads = request.threads;
  settings.foreign = check_foreign_file;
  return settings;
}

int status_of(const AuditSummary& summary, bool clean) {
  if (summary.stopped || summary.unread_folders > 0) return kExitFailure;
  if (summary.damage() == 0) return kExitOk;
  if (!clean) return kExitDamage;
  return summary.left() == 0 ? kExitOk : kExitFailure;
}

}  // namespace

int run_check(const CheckRequest& request, std::ostream& out) {
  const AuditSettings settings = settings_of(request);
  const auto report =
      request.json ? make_json_report(out, settings) : make_text_report(out, settings);
  CheckProgress progress(request.root);
  const AuditSummary summary = audit_cache(
      settings,
      [&](const AuditFinding& finding, const AuditOutcome& outcome) {
        report->add(finding, outcome);
      },
      [&](const AuditProgress& now) {
        progress.show(now);
        return true;
      });
  const int status = status_of(summary, settings.clean);
  report->finish(summary, status);
  return status;
}

}  // namespace topobathy
