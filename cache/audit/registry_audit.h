#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cache/source_table.h"
#include "fusion/source_ids.h"

namespace topobathy {

/// The source registry of a cache root, held against the tables of its cells. Sources that are
/// registered meanwhile are seen. Holds one row a source in memory, whatever the number of cells.
/// Thread-safe.
class RegistryAudit {
 public:
  explicit RegistryAudit(const std::string& root);

  /// Why cells cannot be held against it, "" = they can. A registry that is not there knows
  /// nothing.
  std::string problem() const;

  /// A row of a cell that the registry does not agree with.
  struct Disagreement {
    SourceRow row;
    bool conflict = false;  ///< the id is another source's, or the source has another id
    std::string what;
  };
  /// Conflicts each time, unknown ids once.
  std::vector<Disagreement> compare(const std::vector<SourceRow>& cell);

  /// Enters a source under the id that a cell names. \returns false when somebody has given the id
  /// or the source away meanwhile  \throws Error(kCache), SqliteError
  bool enter(const SourceRow& row);
  /// Empties a damaged registry under SQLite's lock and enters again what can still be read of it:
  /// no id changes its source. \throws Error(kCache), SqliteError
  void repair();

 private:
  std::optional<Disagreement> compare_row(const SourceRow& row);
  std::optional<Disagreement> ask(const SourceRow& row);
  void open();

  const std::string path_;
  std::string problem_;
  mutable std::shared_mutex known_mutex_;            ///< of known_ and told_
  std::unordered_map<SourceId, std::string> known_;  ///< identity by id, as far as asked for
  std::unordered_map<SourceId, std::string> told_;   ///< unknown ones, in the same way
  mutable std::mutex table_mutex_;                   ///< of table_ and problem_
  std::unique_ptr<SourceTable> table_;
};

}  // namespace topobathy
