#include <cstdio>
#include <string>
#include <utility>

#include "fusion/error.h"
#include "utils/byte_text.h"
#include "utils/cache/check_report.h"
#include "utils/json_values.h"
#include "utils/text_table.h"

namespace topobathy {
namespace {

using State = AuditOutcome::State;

/// The longest name; lines are printed before the next is known, so columns have fixed widths.
constexpr int kKindWidth = 17;

std::string tier_text(int tier) {
  return tier == 0 ? "-" : std::to_string(tier);
}

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

class TextReport final : public CheckReport {
 public:
  TextReport(std::ostream& out, const AuditSettings& settings) : out_(out), settings_(settings) {
    out_ << "Cache " << printable(settings.root) << "\n";
  }

  void add(const AuditFinding& finding, const AuditOutcome& outcome) override {
    if (!std::exchange(begun_, true)) line("KIND", "TIER", "FILE", "");
    const std::string done = outcome_text(finding.kind, outcome);
    line(name_of(finding.kind), tier_text(finding.tier), finding.path + ": " + finding.what,
         done.empty() ? "" : " -> " + done);
  }

  void finish(const AuditSummary& summary, int /*status*/) override {
    if (!summary.found.empty()) print_counts(summary);
    out_ << speed(summary) << ": " << verdict(summary) << "\n";
    if (summary.unread_folders > 0)
      out_ << counted(summary.unread_folders, "folder")
           << " could not be listed: check the permissions\n";
  }

 private:
  void line(const std::string& kind, const std::string& tier, const std::string& file,
            const std::string& done) {
    char begin[64];
    std::snprintf(begin, sizeof begin, "%-*s  %-4s  ", kKindWidth, kind.c_str(), tier.c_str());
    out_ << begin << one_line(printable(file)) << one_line(printable(done)) << "\n";
  }

  void print_counts(const AuditSummary& summary) {
    out_ << "\n";
    TextTable table({"KIND", "FOUND", "REPAIRED", "REMEDY"});
    for (const auto& [kind, count] : summary.found) {
      const auto repaired = summary.repaired.find(kind);
      const std::uint64_t done = repaired == summary.repaired.end() ? 0 : repaired->second;
      table.add({name_of(kind), std::to_string(count), std::to_string(done), remedy_of(kind)});
    }
    table.print(out_, "");
    out_ << "\n";
  }

  std::string speed(const AuditSummary& summary) const {
    std::string text = counted(summary.files, "file");
    if (settings_.leftovers_only) return text;
    text += ", " + byte_text(static_cast<std::int64_t>(summary.bytes));
    char seconds[48];
    std::snprintf(seconds, sizeof seconds, " in %.1f s", summary.seconds);
    return text + seconds;
  }

  std::string verdict(const AuditSummary& summary) const {
    const std::uint64_t damage = summary.damage();
    if (summary.stopped) return "stopped before the end";
    if (damage == 0) return settings_.leftovers_only ? "no leftovers" : "sound";
    const std::string found = counted(damage, "finding");
    if (!settings_.clean)
      return found + (settings_.leftovers_only ? "; topobathy cache --clean-orphans deletes them"
                                               : "; topobathy cache --clean repairs them");
    return summary.left() == 0 ? found + ", all repaired"
                               : found + ", " + std::to_string(summary.left()) + " still there";
  }

  std::ostream& out_;
  const AuditSettings& settings_;
  bool begun_ = false;
};

const char* done_text(AuditKind kind) noexcept {
  switch (kind) {
    case AuditKind::kDamagedDatabase:
      return "emptied";
    case AuditKind::kDeadJob:
      return "marked as failed";
    case AuditKind::kUnknownSource:
      return "entered";
    default:
      return "deleted";
  }
}

}  // namespace

std::string outcome_text(AuditKind kind, const AuditOutcome& outcome) {
  switch (outcome.state) {
    case State::kFound:
      return "";
    case State::kRepaired:
      return done_text(kind);
    case State::kGone:
      return "already gone or replaced";
    case State::kFailed:
      break;
  }
  return "still there: " + outcome.why;
}

std::unique_ptr<CheckReport> make_text_report(std::ostream& out, const AuditSettings& settings) {
  return std::make_unique<TextReport>(out, settings);
}

}  // namespace topobathy
