#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "cache/audit/audit.h"

namespace topobathy {

/// What an audit found, written as it is found.
class CheckReport {
 public:
  virtual ~CheckReport() = default;
  virtual void add(const AuditFinding& finding, const AuditOutcome& outcome) = 0;
  /// \param status that the program will end with
  virtual void finish(const AuditSummary& summary, int status) = 0;
};

/// `clean`: findings are repaired; else the last line says how.
std::unique_ptr<CheckReport> make_text_report(std::ostream& out, const AuditSettings& settings);
/// One object (docs/cache-check.md).
std::unique_ptr<CheckReport> make_json_report(std::ostream& out, const AuditSettings& settings);

/// "deleted", "kept: <why>", ...; "" when nothing was to be done.
std::string outcome_text(AuditKind kind, const AuditOutcome& outcome);

}  // namespace topobathy
