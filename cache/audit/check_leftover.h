#pragma once

#include <string>

#include "cache/audit/audit_finding.h"
#include "cache/audit/check_item.h"
#include "cache/audit/leftovers.h"

namespace topobathy {

struct Leftover {
  AuditKind kind = AuditKind::kLeftover;
  std::string what;         ///< why it is left over, "" = it is not
  bool is_passing = false;  ///< a lock, a temporary, a journal: it has no content to look at
};

/// Whether a file is one that somebody has left behind.
Leftover check_leftover(const AuditedFile& item, const LeftoverRules& rules);

}  // namespace topobathy
