#include "cache/source_table.h"

#include <map>

#include "fusion/error.h"

namespace topobathy {
namespace {

/// Bump when the table changes; another version's file is refused, never guessed at.
constexpr int kTableVersion = 3;

constexpr char kCreate[] =
    "CREATE TABLE sources(id INTEGER PRIMARY KEY, provider TEXT NOT NULL, key TEXT NOT NULL,"
    " location TEXT NOT NULL, whole_step INTEGER NOT NULL, survey_id TEXT NOT NULL,"
    " institution TEXT NOT NULL, date_start TEXT NOT NULL, date_end TEXT NOT NULL,"
    " license_name TEXT NOT NULL, license_url TEXT NOT NULL, vertical_datum TEXT NOT NULL,"
    " vertical_basis TEXT NOT NULL, vertical_shift TEXT NOT NULL, vertical_accuracy REAL NOT NULL,"
    " resolution REAL NOT NULL, link TEXT NOT NULL, interpolated INTEGER NOT NULL,"
    " UNIQUE(provider, key, location))";
constexpr char kColumns[] =
    "SELECT id, provider, key, location, whole_step, survey_id, institution, date_start, date_end,"
    " license_name, license_url, vertical_datum, vertical_basis, vertical_shift,"
    " vertical_accuracy, resolution, link, interpolated FROM sources ";
constexpr char kInsert[] =
    "INSERT INTO sources(provider, key, location, whole_step, survey_id, institution, date_start,"
    " date_end, license_name, license_url, vertical_datum, vertical_basis, vertical_shift,"
    " vertical_accuracy, resolution, link, interpolated, id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7,"
    " ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
constexpr char kUpdate[] =
    "UPDATE sources SET whole_step = ?4, survey_id = ?5, institution = ?6, date_start = ?7,"
    " date_end = ?8, license_name = ?9, license_url = ?10, vertical_datum = ?11,"
    " vertical_basis = ?12, vertical_shift = ?13, vertical_accuracy = ?14, resolution = ?15,"
    " link = ?16, interpolated = ?17"
    " WHERE provider = ?1 AND key = ?2 AND location = ?3";

SourceRow row_of(const SqliteStatement& row) {
  SourceRecord record;
  record.provider = row.text(1);
  record.key = row.text(2);
  record.location = row.text(3);
  record.whole_step = row.number(4) != 0;
  record.survey_id = row.text(5);
  record.institution = row.text(6);
  record.date_start = row.text(7);
  record.date_end = row.text(8);
  record.license_name = row.text(9);
  record.license_url = row.text(10);
  record.vertical_datum = row.text(11);
  record.vertical_basis = row.text(12);
  record.vertical_shift = row.text(13);
  record.vertical_accuracy = row.real(14);
  record.resolution = row.real(15);
  record.link = row.text(16);
  record.interpolated = row.number(17) != 0;
  return {static_cast<SourceId>(row.number(0)), std::move(record)};
}

void bind_identity(SqliteStatement& statement, const SourceRecord& source) {
  statement.bind(1, source.provider);
  statement.bind(2, source.key);
  statement.bind(3, source.location);
}

void bind_description(SqliteStatement& statement, const SourceRecord& source) {
  statement.bind(4, std::int64_t{source.whole_step});
  statement.bind(5, source.survey_id);
  statement.bind(6, source.institution);
  statement.bind(7, source.date_start);
  statement.bind(8, source.date_end);
  statement.bind(9, source.license_name);
  statement.bind(10, source.license_url);
  statement.bind(11, source.vertical_datum);
  statement.bind(12, source.vertical_basis);
  statement.bind(13, source.vertical_shift);
  statement.bind(14, source.vertical_accuracy);
  statement.bind(15, source.resolution);
  statement.bind(16, source.link);
  statement.bind(17, std::int64_t{source.interpolated});
}

int open_flags(bool writable) {
  return writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(ErrorCode::kCache, path + ": " + what);
}

}  // namespace

void throw_registry_error(const std::string& path, const SqliteError& error) {
  switch (error.code()) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      refuse(path, std::string("the source registry is damaged (") + error.what() +
                       "); delete the file: ids are derived from the sources and come back");
    case SQLITE_FULL:
    case SQLITE_IOERR:
      refuse(path, std::string("the source registry cannot be written (") + error.what() +
                       "); free some space, or set TOPOBATHY_CACHE_DIR to another directory");
    case SQLITE_BUSY:
      refuse(path,
             "the source registry is locked by another process; end the process that hangs "
             "or try again");
    default:
      refuse(path, std::string("the source registry cannot be used: ") + error.what());
  }
}

bool may_not_write(const SqliteError& error) noexcept {
  return error.code() == SQLITE_CANTOPEN || error.code() == SQLITE_READONLY ||
         error.code() == SQLITE_PERM;
}

std::unique_ptr<SourceTable> SourceTable::open(const std::string& path, bool writable) {
  try {
    std::unique_ptr<SourceTable> table(new SourceTable(path, writable));
    if (!table->made()) {
      if (!writable) return nullptr;
      table->make();
    }
    table->check_version();
    return table;
  } catch (const SqliteError& error) {
    if (may_not_write(error)) return nullptr;
    throw;
  }
}

SourceTable::SourceTable(const std::string& path, bool writable)
    : path_(path), database_(path, open_flags(writable)) {}

bool SourceTable::made() {
  return database_.number("PRAGMA user_version") != 0 ||
         database_.number("SELECT count(*) FROM sqlite_master") != 0;
}

void SourceTable::make() {
  SqliteTransaction transaction(database_);
  if (made()) return;  // another process was quicker
  database_.run(kCreate);
  database_.run(("PRAGMA user_version = " + std::to_string(kTableVersion)).c_str());
  transaction.commit();
}

void SourceTable::check_version() {
  const auto found = database_.number("PRAGMA user_version");
  if (found == kTableVersion) return;
  refuse(path_, "the source registry has version " + std::to_string(found) +
                    ", this program reads version " + std::to_string(kTableVersion) +
                    "; set TOPOBATHY_CACHE_DIR to a directory of its own, or delete the file");
}

std::optional<SourceRow> SourceTable::find(const SourceRecord& source) {
  SqliteStatement query(
      database_,
      (std::string(kColumns) + "WHERE provider = ?1 AND key = ?2 AND location = ?3").c_str());
  bind_identity(query, source);
  if (!query.step()) return std::nullopt;
  return row_of(query);
}

std::optional<SourceRecord> SourceTable::find(SourceId id) {
  SqliteStatement query(database_, (std::string(kColumns) + "WHERE id = ?1").c_str());
  query.bind(1, std::int64_t{id});
  if (!query.step()) return std::nullopt;
  return row_of(query).second;
}

std::vector<SourceRow> SourceTable::all() {
  SqliteStatement query(database_, (std::string(kColumns) + "ORDER BY id").c_str());
  std::vector<SourceRow> rows;
  while (query.step())
    rows.push_back(row_of(query));
  return rows;
}

std::vector<SourceRow> SourceTable::salvage(const std::string& path) {
  std::map<SourceId, SourceRecord> rows;
  // From both ends, each up to the page that does not read.
  for (const char* order : {"ORDER BY id", "ORDER BY id DESC"}) {
    try {
      const SqliteDatabase database(path, SQLITE_OPEN_READONLY);
      SqliteStatement query(database, (std::string(kColumns) + order).c_str());
      while (query.step())
        rows.insert(row_of(query));
    } catch (const SqliteError&) {
      // What was read before is what is left.
    }
  }
  return {rows.begin(), rows.end()};
}

void SourceTable::insert(const SourceRow& row) {
  SqliteStatement statement(database_, kInsert);
  bind_identity(statement, row.second);
  bind_description(statement, row.second);
  statement.bind(18, std::int64_t{row.first});
  statement.step();
}

SourceRow SourceTable::assign(const SourceRecord& source) {
  SqliteTransaction transaction(database_);
  if (auto known = find(source)) return *std::move(known);
  const SourceId preferred = preferred_source_id(source);
  SourceId id = preferred;
  while (find(id)) {
    id = next_source_id(id);
    if (id == preferred) refuse(path_, "no source id is left; delete the file");
  }
  insert({id, source});
  transaction.commit();
  return {id, source};
}

bool SourceTable::enter(const SourceRow& row) {
  SqliteTransaction transaction(database_);
  if (const auto holder = find(row.first)) return identity(*holder) == identity(row.second);
  if (find(row.second)) return false;
  insert(row);
  transaction.commit();
  return true;
}

void SourceTable::update(const SourceRecord& source) {
  SqliteStatement statement(database_, kUpdate);
  bind_identity(statement, source);
  bind_description(statement, source);
  statement.step();
}

}  // namespace topobathy
