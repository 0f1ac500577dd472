#pragma once

#include <memory>

#include "fusion/fact_store.h"

namespace topobathy {

class ArchiveAccess;

/// How the sources of a policy may be got at.
struct SourceAccess {
  std::shared_ptr<FactStore> facts;  ///< what is known of files; null = every file is looked at
  bool offline = false;              ///< what is on the network counts as unreadable, unasked
  std::shared_ptr<ArchiveAccess> archives;  ///< null: steps of archives cannot be read
};

}  // namespace topobathy
