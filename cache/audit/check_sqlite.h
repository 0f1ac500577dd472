#pragma once

#include <string>

namespace topobathy {

/// The SQLite files of a cache.
enum class DatabaseUse {
  kSources,     ///< sources.sqlite
  kHeaders,     ///< raster/headers.sqlite
  kDiscovery,   ///< <provider>/discovery.sqlite
  kGeoPackage,  ///< of an archive's catalogue
  kOther,       ///< any other: its structure alone
};

/// PRAGMA integrity_check, the tables it must have, and the checksums of its rows where it keeps
/// some; `quick`: its header and the names of its tables. Done on a copy, so that writers wait no
/// longer than copying takes. One that nobody has filled yet is sound, and so is one of another
/// version: its owner makes it anew. One that waits for a rollback is taken as sound. \returns ""
/// or what is wrong  \throws SqliteError it is locked or may not be read
std::string check_database(const std::string& path, DatabaseUse use, bool quick);

/// Whether a writer was killed in the middle of a change: those who only read see nothing until
/// somebody who may write has rolled it back. False also where that cannot be told.
bool waits_for_rollback(const std::string& path);
/// Does so. \throws SqliteError
void roll_back(const std::string& path);

}  // namespace topobathy
