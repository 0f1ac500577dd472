#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cache/sqlite.h"
#include "fusion/source_ids.h"

namespace topobathy {

using SourceRow = std::pair<SourceId, SourceRecord>;

/// The file sources.sqlite: one table of ids and records. Rollback journal, not WAL: WAL needs
/// shared memory and a writable directory even for reading, which read-only roots and network file
/// systems do not give.
class SourceTable {
 public:
  /// Opens the file and, when it may be written, makes it. Null when there is none and none can be
  /// made. \throws Error(kCache) when it is of another version or no registry; SqliteError like
  /// every member
  static std::unique_ptr<SourceTable> open(const std::string& path, bool writable);
  /// What can still be read of a damaged file; never throws SqliteError.
  static std::vector<SourceRow> salvage(const std::string& path);

  std::optional<SourceRow> find(const SourceRecord& source);  ///< by identity
  std::optional<SourceRecord> find(SourceId id);
  std::vector<SourceRow> all();
  /// The row of the source, as it is; one that is not there is made, in one transaction. \throws
  /// Error(kCache) when no id is left
  SourceRow assign(const SourceRecord& source);
  /// The row as it is, if neither its id nor its source has one. \returns whether the source has
  /// that id now
  bool enter(const SourceRow& row);
  /// Replaces what the source's row states, if it has one; in one statement, so that of two
  /// processes the later one wins whole.
  void update(const SourceRecord& source);

 private:
  SourceTable(const std::string& path, bool writable);
  bool made();  ///< false for an empty file
  void make();
  void insert(const SourceRow& row);
  void check_version();

  std::string path_;
  SqliteDatabase database_;
};

/// Whether the place may not be written, as opposed to being broken.
bool may_not_write(const SqliteError& error) noexcept;

/// What to tell the user of a failed call on the registry `path`.
[[noreturn]] void throw_registry_error(const std::string& path, const SqliteError& error);

}  // namespace topobathy
