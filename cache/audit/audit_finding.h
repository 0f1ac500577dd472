#pragma once

#include <string>

#include "cache/audit/file_identity.h"

namespace topobathy {

/// What an audit finds. Names, meaning and remedies: docs/cache-check.md.
enum class AuditKind {
  kDamagedCell,       ///< tiers 2 and 3: no reader would take it
  kStaleCell,         ///< of another cell layout or engine schema: never read again
  kDamagedTile,       ///< tier 1: a picture, array or companion that does not read
  kOrphanCompanion,   ///< a companion whose file is gone
  kDamagedDiscovery,  ///< tier 4: a file that does not parse
  kDamagedDatabase,   ///< an SQLite file of ours, in whatever place
  kDamagedRaw,        ///< tier 5: a source file that does not read
  kStaleLock,         ///< a lock file that nobody holds
  kLeftover,          ///< a temporary file that nobody writes any more
  kLeftoverJournal,   ///< an SQLite journal without its database, or of a killed writer
  kDamagedJob,        ///< a job file that is none
  kDeadJob,           ///< a job that says it runs, and its process is gone
  kUnknownSource,     ///< a cell names an id that the registry does not have
  kSourceConflict,    ///< a cell names an id that the registry gives to another source
  kUnreadable,        ///< the file may not be read, or the disk fails: nobody knows
  kNotChecked,        ///< note: needs a library that is not installed
  kUnknownFile,       ///< note: none of ours; never deleted
};

/// As in reports: "damaged-cell", ...
const char* name_of(AuditKind kind) noexcept;
/// What --clean does about it, or the user may: a sentence's middle, without a stop.
const char* remedy_of(AuditKind kind) noexcept;
/// Told, but nothing is wrong.
bool is_note(AuditKind kind) noexcept;

struct AuditFinding {
  AuditKind kind = AuditKind::kUnknownFile;
  std::string path;   ///< below the cache root
  int tier = 0;       ///< 1 to 5, 0 = in none
  std::string what;   ///< what is wrong with it
  FileIdentity file;  ///< as it was found
};

}  // namespace topobathy
