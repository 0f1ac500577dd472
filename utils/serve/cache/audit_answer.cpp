#include "utils/serve/cache/audit_answer.h"

#include "cache/audit/audit.h"
#include "providers/audit/check_file.h"
#include "utils/serve/body/body_members.h"
#include "utils/serve/body/path_free.h"

namespace topobathy {
namespace {

using nlohmann::json;

/// A check is not to take the processors from who waits for tiles.
constexpr std::size_t kAuditThreads = 2;
constexpr double kLeastLockTimeout = 5.0, kMostLockTimeout = 1e7;  // seconds

json finding_json(const AuditFinding& finding, const AuditOutcome& outcome) {
  json row{{"kind", name_of(finding.kind)},
           {"tier", finding.tier == 0 ? json() : json(finding.tier)},
           {"path", finding.path},
           {"what", path_free(finding.what)},
           {"remedy", remedy_of(finding.kind)},
           {"note", is_note(finding.kind)},
           {"outcome", to_text(outcome.state)}};
  if (!outcome.why.empty()) row["why"] = path_free(outcome.why);
  return row;
}

/// What nobody holds or owns any more.
class Orphans {
 public:
  explicit Orphans(std::size_t most) : most_(most) {}

  void add(const AuditFinding& finding) {
    json* const list = finding.kind == AuditKind::kStaleLock ? &locks_ : list_of(finding.kind);
    if (list == nullptr) return;
    ++count_;
    bytes_ += finding.file.bytes;
    if (list->size() < most_)
      list->push_back({{"path", finding.path},
                       {"age_sec", age_seconds(finding.file)},
                       {"bytes", finding.file.bytes}});
  }
  json answer() const {
    return {{"locks", locks_}, {"tmp_files", files_}, {"total_bytes", bytes_}, {"count", count_}};
  }

 private:
  json* list_of(AuditKind kind) {
    const bool is_one = kind == AuditKind::kLeftover || kind == AuditKind::kLeftoverJournal ||
                        kind == AuditKind::kOrphanCompanion;
    return is_one ? &files_ : nullptr;
  }

  const std::size_t most_;
  json locks_ = json::array(), files_ = json::array();
  std::uint64_t count_ = 0, bytes_ = 0;
};

json counts_json(const std::map<AuditKind, std::uint64_t>& counts) {
  json rows = json::object();
  for (const auto& [kind, count] : counts)
    rows[name_of(kind)] = count;
  return rows;
}

std::uint64_t sum_of_counts(const std::map<AuditKind, std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [kind, count] : counts)
    sum += count;
  return sum;
}

std::string verdict_of(const AuditSummary& summary, bool clean) {
  const std::string found = std::to_string(summary.damage()) + " found";
  const std::string left = std::to_string(summary.left()) + " still there";
  if (summary.stopped)
    return "not all has been looked at: topobathy cache --check does without a limit; " + found;
  if (summary.damage() == 0) return "nothing is wrong";
  return clean ? found + ", " + left : found;
}

json summary_json_of(const AuditSummary& summary, const AuditOrder& order) {
  return {{"status", summary.stopped ? "stopped" : "complete"},
          {"mode", order.clean ? "committed" : "list-only"},
          {"message", verdict_of(summary, order.clean)},
          {"files", summary.files},
          {"bytes", summary.bytes},
          {"seconds", summary.seconds},
          {"found", counts_json(summary.found)},
          {"repaired", counts_json(summary.repaired)},
          {"damage", summary.damage()},
          {"left", summary.left()},
          {"folders_not_read", summary.unread_folders},
          {"findings_total", sum_of_counts(summary.found)}};
}

AuditSettings audit_settings(const AuditOrder& order, const std::string& root) {
  AuditSettings settings;
  settings.root = root;
  settings.quick = order.quick;
  settings.leftovers_only = order.leftovers_only;
  settings.clean = order.clean;
  settings.leftovers.timeout = order.lock_timeout;
  settings.threads = kAuditThreads;
  settings.foreign = check_foreign_file;
  return settings;
}

}  // namespace

AuditOrder read_check_order(const std::string& text) {
  BodyMembers body(text);
  AuditOrder order;
  order.clean = body.flag("clean").value_or(false);
  order.quick = body.flag("quick").value_or(true);
  order.lock_timeout =
      body.number("lock_timeout", kLeastLockTimeout, kMostLockTimeout).value_or(order.lock_timeout);
  body.require_no_more();
  return order;
}

AuditOrder read_orphans_order(const std::string& text) {
  BodyMembers body(text);
  AuditOrder order;
  order.leftovers_only = true;
  order.clean = body.flag("clean").value_or(false);
  order.lock_timeout =
      body.number("lock_timeout", kLeastLockTimeout, kMostLockTimeout).value_or(order.lock_timeout);
  body.require_no_more();
  return order;
}

bool is_look_only(const std::string& text) noexcept {
  try {
    return !BodyMembers(text).flag("clean").value_or(false);
  } catch (const std::exception&) {
    return false;
  }
}

json audit_as_ordered(const AuditOrder& order, const std::string& root, const AuditBounds& bounds,
                      const std::function<bool()>& gone) {
  json findings = json::array();
  Orphans orphans(bounds.findings);
  const auto end = std::chrono::steady_clock::now() + bounds.time;
  const AuditSummary summary = audit_cache(
      audit_settings(order, root),
      [&](const AuditFinding& finding, const AuditOutcome& outcome) {
        orphans.add(finding);
        if (findings.size() < bounds.findings) findings.push_back(finding_json(finding, outcome));
      },
      [&](const AuditProgress&) { return std::chrono::steady_clock::now() < end && !gone(); });
  json answer = summary_json_of(summary, order);
  answer["findings"] = findings;
  answer["orphans"] = orphans.answer();
  return answer;
}

}  // namespace topobathy
