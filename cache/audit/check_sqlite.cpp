#include "cache/audit/check_sqlite.h"

#include <cstdint>
#include <vector>

#include "cache/sqlite.h"
#include "fusion/sha256.h"

namespace topobathy {
namespace {

/// How a file of one use is known, and what it holds.
struct Form {
  std::int64_t application;  ///< of PRAGMA application_id
  std::vector<const char*> tables;
  const char* rows;  ///< SELECT of (checksummed text, checksum), null = none
};

// The ids and tables are those of fact_file.cpp, source_table.cpp and discovery_store.cpp.
Form form_of(DatabaseUse use) {
  switch (use) {
    case DatabaseUse::kSources:
      return {0, {"sources"}, nullptr};
    case DatabaseUse::kHeaders:
      return {0x54426673,
              {"facts"},
              "SELECT CAST(name AS BLOB) || x'00' || CAST(revision AS BLOB) || x'00' ||"
              " CAST(value AS BLOB), checksum FROM facts"};
    case DatabaseUse::kDiscovery:
      return {0x54426473, {"regions", "assets", "boxes"}, "SELECT text, checksum FROM assets"};
    case DatabaseUse::kGeoPackage:
      return {0x47504b47, {"gpkg_contents", "gpkg_spatial_ref_sys"}, nullptr};
    case DatabaseUse::kOther:
      break;
  }
  return {0, {}, nullptr};
}

bool has_table(const SqliteDatabase& database, const std::string& name) {
  SqliteStatement query(database, "SELECT 1 FROM sqlite_master WHERE name = ?1");
  query.bind(1, name);
  return query.step();
}

std::string check_tables(SqliteDatabase& database, DatabaseUse use) {
  if (database.number("SELECT count(*) FROM sqlite_master") == 0)
    return use == DatabaseUse::kGeoPackage ? "it is empty" : "";
  const Form form = form_of(use);
  const auto application = database.number("PRAGMA application_id");
  if (use != DatabaseUse::kOther && use != DatabaseUse::kGeoPackage &&
      application != form.application)
    return "it is another program's database";
  for (const char* table : form.tables)
    if (!has_table(database, table)) return std::string("table ") + table + " is missing";
  return "";
}

/// Each layer that a GeoPackage lists has its table.
std::string check_layers(const SqliteDatabase& database) {
  SqliteStatement layers(database, "SELECT table_name FROM gpkg_contents");
  while (layers.step())
    if (!has_table(database, layers.text(0))) return "layer " + layers.text(0) + " is missing";
  return "";
}

std::string check_rows(const SqliteDatabase& database, const char* select) {
  SqliteStatement row(database, select);
  while (row.step())
    if (sha256_hex(row.text(0)) != row.text(1)) return "a row has not its checksum";
  return "";
}

std::string check_structure(const SqliteDatabase& database) {
  SqliteStatement check(database, "PRAGMA integrity_check(1)");
  if (!check.step()) return "it cannot be checked";
  return check.text(0) == "ok" ? "" : check.text(0);
}

std::string check_content(SqliteDatabase& database, DatabaseUse use) {
  std::string wrong = check_structure(database);
  if (wrong.empty()) wrong = check_tables(database, use);
  if (wrong.empty() && use == DatabaseUse::kGeoPackage) wrong = check_layers(database);
  const char* rows = form_of(use).rows;
  const bool is_filled = rows != nullptr && has_table(database, form_of(use).tables.front());
  if (wrong.empty() && is_filled) wrong = check_rows(database, rows);
  return wrong;
}

/// The pages as they are at one moment, in a temporary database. \throws SqliteError
void copy(const SqliteDatabase& from, const SqliteDatabase& to) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) throw SqliteError(sqlite3_errcode(to.handle()), "no memory");
  constexpr int kAllPages = -1;
  int result = sqlite3_backup_step(backup, kAllPages);
  constexpr int kTries = 100, kPauseMilliseconds = 50;
  for (int i = 0; i < kTries && (result == SQLITE_BUSY || result == SQLITE_LOCKED); ++i) {
    sqlite3_sleep(kPauseMilliseconds);
    result = sqlite3_backup_step(backup, kAllPages);
  }
  sqlite3_backup_finish(backup);
  if (result != SQLITE_DONE) throw SqliteError(result, sqlite3_errstr(result));
}

std::string check_copy(const std::string& path, DatabaseUse use) {
  SqliteDatabase copied("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  {
    const SqliteDatabase original(path, SQLITE_OPEN_READONLY);
    copy(original, copied);
  }
  return check_content(copied, use);
}

std::string check_header(const std::string& path, DatabaseUse use) {
  SqliteDatabase database(path, SQLITE_OPEN_READONLY);
  return check_tables(database, use);
}

}  // namespace

std::string check_database(const std::string& path, DatabaseUse use, bool quick) {
  try {
    return quick ? check_header(path, use) : check_copy(path, use);
  } catch (const SqliteError& error) {
    if (error.code() == SQLITE_READONLY) return "";  // see waits_for_rollback()
    if (!is_damage(error)) throw;
    return error.what();
  }
}

bool waits_for_rollback(const std::string& path) {
  try {
    SqliteDatabase(path, SQLITE_OPEN_READONLY).number("SELECT count(*) FROM sqlite_master");
    return false;
  } catch (const SqliteError& error) {
    return error.code() == SQLITE_READONLY;
  }
}

void roll_back(const std::string& path) {
  SqliteDatabase(path, SQLITE_OPEN_READWRITE).number("SELECT count(*) FROM sqlite_master");
}

}  // namespace topobathy
