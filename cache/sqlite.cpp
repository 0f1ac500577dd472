#include "cache/sqlite.h"

namespace topobathy {
namespace {

constexpr int kBusyMilliseconds = 30000;

[[noreturn]] void fail(sqlite3* database, int result) {
  throw SqliteError(result, database ? sqlite3_errmsg(database) : sqlite3_errstr(result));
}

}  // namespace

SqliteDatabase::SqliteDatabase(const std::string& path, int flags) {
  sqlite3* database = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(database);
  if (result != SQLITE_OK) fail(database, result);
  sqlite3_busy_timeout(database, kBusyMilliseconds);
}

void SqliteDatabase::run(const char* sql) {
  const int result = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) fail(handle_.get(), result);
}

std::int64_t SqliteDatabase::number(const char* sql) {
  SqliteStatement statement(*this, sql);
  return statement.step() ? statement.number(0) : 0;
}

SqliteStatement::SqliteStatement(const SqliteDatabase& database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v2(database.handle(), sql, -1, &statement, nullptr);
  handle_.reset(statement);
  if (result != SQLITE_OK) fail(database.handle(), result);
}

void SqliteStatement::bind(int parameter, std::int64_t value) {
  const int result = sqlite3_bind_int64(handle_.get(), parameter, value);
  if (result != SQLITE_OK) fail(sqlite3_db_handle(handle_.get()), result);
}

void SqliteStatement::bind(int parameter, double value) {
  const int result = sqlite3_bind_double(handle_.get(), parameter, value);
  if (result != SQLITE_OK) fail(sqlite3_db_handle(handle_.get()), result);
}

void SqliteStatement::bind(int parameter, const std::string& text) {
  const int result = sqlite3_bind_text64(handle_.get(), parameter, text.data(), text.size(),
                                         SQLITE_STATIC, SQLITE_UTF8);
  if (result != SQLITE_OK) fail(sqlite3_db_handle(handle_.get()), result);
}

bool SqliteStatement::step() {
  const int result = sqlite3_step(handle_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) fail(sqlite3_db_handle(handle_.get()), result);
  return false;
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(handle_.get());  // repeats the last step's result, which step() has told
}

std::int64_t SqliteStatement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

double SqliteStatement::real(int column) const {
  return sqlite3_column_double(handle_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const void* text = sqlite3_column_text(handle_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return text ? std::string(static_cast<const char*>(text), size) : std::string();
}

void reset_database(SqliteDatabase& database) {
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
  database.run("VACUUM");
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
}

bool is_damage(const SqliteError& error) noexcept {
  return error.code() == SQLITE_CORRUPT || error.code() == SQLITE_NOTADB ||
         error.code() == SQLITE_ERROR;  // a table of another shape
}

bool is_out_of_reach(const SqliteError& error) noexcept {
  return error.code() == SQLITE_CANTOPEN || error.code() == SQLITE_READONLY ||
         error.code() == SQLITE_PERM;
}

SqliteTransaction::SqliteTransaction(SqliteDatabase& database) : database_(&database) {
  database.run("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
  if (database_) sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteTransaction::commit() {
  database_->run("COMMIT");
  database_ = nullptr;
}

}  // namespace topobathy
