#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "cache/audit/audit_finding.h"
#include "cache/audit/foreign_check.h"
#include "cache/audit/leftovers.h"

namespace topobathy {

struct AuditSettings {
  std::string root;
  bool quick = false;           ///< headers only
  bool leftovers_only = false;  ///< locks, temporaries, orphans; nothing is read
  bool clean = false;           ///< repair what is found
  LeftoverRules leftovers;
  std::size_t threads = 0;  ///< 0 = one a processor
  ForeignCheck foreign;     ///< null: such files are not looked into
};

/// What became of a finding.
struct AuditOutcome {
  enum class State {
    kFound,     ///< nothing was done: not asked to, or a note
    kRepaired,  ///< deleted, emptied, entered, marked
    kGone,      ///< somebody else has removed or replaced it meanwhile
    kFailed,    ///< it is still there
  };
  State state = State::kFound;
  std::string why;  ///< of a failure
};

/// "found", "repaired", "gone", "failed".
const char* to_text(AuditOutcome::State state) noexcept;

struct AuditProgress {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t findings = 0;
};

struct AuditSummary {
  std::uint64_t files = 0;  ///< looked at
  std::uint64_t bytes = 0;  ///< of them
  double seconds = 0.0;
  bool stopped = false;                      ///< by the progress callback
  std::map<AuditKind, std::uint64_t> found;  ///< notes too
  std::map<AuditKind, std::uint64_t> repaired;
  std::uint64_t failed = 0;  ///< could not be repaired
  std::uint64_t unread_folders = 0;

  /// Findings that are no notes.
  std::uint64_t damage() const noexcept;
  /// Of these, what is still there.
  std::uint64_t left() const noexcept;
};

/// Told each finding as it is made; one at a time, from any thread.
using TakeFinding = std::function<void(const AuditFinding&, const AuditOutcome&)>;
/// Told after each file, one at a time, from any thread. False stops the audit.
using TellAudit = std::function<bool(const AuditProgress&)>;

/// Looks at every file below the root, each tier in its way, on several threads; holds nothing but
/// the row of each source in memory. Readers and writers may be at work: what vanishes or is
/// replaced while it is looked at is looked at again or left alone. \throws Error(kCache) the root
/// cannot be read
AuditSummary audit_cache(const AuditSettings& settings, const TakeFinding& take,
                         const TellAudit& tell = nullptr);

}  // namespace topobathy
