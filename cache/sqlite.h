#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

/// Thin owners of SQLite handles.
namespace topobathy {

/// A failed SQLite call; `code` is the primary result code (SQLITE_CORRUPT, ...).
class SqliteError : public std::runtime_error {
 public:
  SqliteError(int result, const std::string& message)
      : std::runtime_error(message), code_(result & 0xff) {}
  int code() const noexcept { return code_; }

 private:
  int code_;
};

struct SqliteCloser {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// One connection; not for two threads at once, not across fork().
class SqliteDatabase {
 public:
  /// `flags`: SQLITE_OPEN_*. \throws SqliteError like every member
  SqliteDatabase(const std::string& path, int flags);

  void run(const char* sql);
  std::int64_t number(const char* sql);  ///< first column of the first row
  sqlite3* handle() const noexcept { return handle_.get(); }

 private:
  std::unique_ptr<sqlite3, SqliteCloser> handle_;
};

class SqliteStatement {
 public:
  SqliteStatement(const SqliteDatabase& database, const char* sql);

  /// Parameters count from 1. Texts may hold any bytes and must live until the last step.
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  void bind(int parameter, const std::string& text);
  bool step();            ///< whether there is a row
  void reset() noexcept;  ///< for the next run; the parameters stay bound

  std::int64_t number(int column) const;
  double real(int column) const;
  std::string text(int column) const;

 private:
  std::unique_ptr<sqlite3_stmt, SqliteCloser> handle_;
};

/// Empties a file in whatever state, under SQLite's locks: to delete it would pull it from under
/// other processes. Source: SQLITE_DBCONFIG_RESET_DATABASE in SQLite's documentation. \throws
/// SqliteError
void reset_database(SqliteDatabase& database);
/// The result codes of a file that is damaged, no database, or of another shape.
bool is_damage(const SqliteError& error) noexcept;
/// Those of a place that may not be read or written, or is not there.
bool is_out_of_reach(const SqliteError& error) noexcept;

/// Takes the write lock at once, so that what is read inside cannot be outdated; rolls back unless
/// committed.
class SqliteTransaction {
 public:
  explicit SqliteTransaction(SqliteDatabase& database);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  void commit();

 private:
  SqliteDatabase* database_;
};

}  // namespace topobathy
