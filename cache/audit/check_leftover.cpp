#include "cache/audit/check_leftover.h"

#include <unistd.h>

#include <algorithm>

#include "cache/audit/check_sqlite.h"

namespace topobathy {
namespace {

bool is_there(const std::string& path) noexcept {
  return ::access(path.c_str(), F_OK) == 0;
}

bool is_named(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_journal(const AuditedFile& item) {
  const std::string database = database_of_journal(item.path);
  return is_named(database, ".sqlite") || is_named(database, ".gpkg");
}

Leftover check_journal(const AuditedFile& item, const LeftoverRules& rules) {
  Leftover leftover{AuditKind::kLeftoverJournal, "", true};
  if (age_seconds(*item.file) < rules.shortest()) return leftover;
  const std::string database = database_of_journal(item.full);
  if (!is_there(database))
    leftover.what = "its database is gone";
  else if (is_named(item.path, "-journal") && waits_for_rollback(database))
    leftover.what = "its writer was killed, and the database waits to be rolled back";
  return leftover;
}

/// Pictures are written before or after their companions: the young ones may be on their way.
Leftover check_companion(const AuditedFile& item, const LeftoverRules& rules) {
  Leftover leftover{AuditKind::kOrphanCompanion, "", false};
  if (age_seconds(*item.file) < rules.shortest()) return leftover;
  const auto owners = owners_of(item.path, item.item.kind);
  const auto there = [&](const std::string& owner) { return is_there(item.root + "/" + owner); };
  if (!owners.empty() && std::none_of(owners.begin(), owners.end(), there))
    leftover.what = "the file that it belongs to is gone";
  return leftover;
}

/// A lock that is none of ours has no protocol that we know: only age and flock() together tell.
Leftover check_lock(const AuditedFile& item, const LeftoverRules& rules) {
  Leftover leftover{AuditKind::kStaleLock, "", true};
  const bool ours = item.item.kind == ItemKind::kLock;
  if (ours || age_seconds(*item.file) >= rules.timeout)
    leftover.what = stale_lock(item.full, *item.file, rules);
  return leftover;
}

}  // namespace

Leftover check_leftover(const AuditedFile& item, const LeftoverRules& rules) {
  const std::string name = item.name();
  if (item.item.kind == ItemKind::kLock || is_named(name, ".lock")) return check_lock(item, rules);
  if (is_temporary_file_name(name))
    return {AuditKind::kLeftover, stale_temporary(item.full, *item.file, rules), true};
  if (item.item.kind == ItemKind::kSqliteSide || is_journal(item))
    return check_journal(item, rules);
  if (item.item.kind == ItemKind::kTileCompanion || item.item.kind == ItemKind::kFileCompanion)
    return check_companion(item, rules);
  return {};
}

}  // namespace topobathy
