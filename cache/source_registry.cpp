#include "cache/source_registry.h"

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <utility>

#include "cache/source_table.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

/// What this process knows by heart. An id never changes once it is here, whatever happens to the
/// file. Thread-safe.
class KnownSources {
 public:
  std::optional<SourceId> find(const SourceRecord& source) const {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    const auto found = ids_.find(identity(source));
    if (found == ids_.end()) return std::nullopt;
    return found->second;
  }
  std::optional<SourceRecord> find(SourceId id) const {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    const auto found = records_.find(id);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }
  /// Whether the source is known and its row states what `source` states.
  bool states(const SourceRecord& source) const {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    const auto found = ids_.find(identity(source));
    return found != ids_.end() && same_description(records_.at(found->second), source);
  }
  void insert(SourceId id, const SourceRecord& source) {
    const std::unique_lock<std::shared_mutex> lock(mutex_);
    if (records_.try_emplace(id, source).second) ids_[identity(source)] = id;
  }
  void describe(const SourceRecord& source) {
    const std::unique_lock<std::shared_mutex> lock(mutex_);
    const auto found = ids_.find(identity(source));
    if (found != ids_.end()) records_[found->second] = source;
  }
  std::map<SourceId, SourceRecord> all() const {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    return records_;
  }

 private:
  mutable std::shared_mutex mutex_;
  std::map<SourceId, SourceRecord> records_;
  std::map<SourceIdentity, SourceId, std::less<>> ids_;
};

template <class Work>
auto guarded(const std::string& path, const Work& work) {
  try {
    return work();
  } catch (const SqliteError& error) {
    throw_registry_error(path, error);
  }
}

/// `table` null = there is no file and none may be made.
class SourceRegistry final : public SourceIds {
 public:
  SourceRegistry(std::string path, std::unique_ptr<SourceTable> table, bool writable)
      : path_(std::move(path)), table_(std::move(table)), writable_(writable) {}

  SourceId assign(const SourceRecord& record) override {
    if (const auto id = known_.find(record)) return *id;  // the hot path: no SQL
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto id = known_.find(record)) return *id;
    const SourceRow row = guarded(path_, [&] { return new_row(record); });
    known_.insert(row.first, row.second);
    return row.first;
  }

  void refresh(const SourceRecord& record) override {
    if (known_.states(record)) return;  // no SQL
    const std::lock_guard<std::mutex> lock(mutex_);
    guarded(path_, [&] {
      learn(record);
      if (!known_.find(record) || known_.states(record)) return;
      if (writable_) write(record);
      known_.describe(record);
    });
  }

  std::optional<SourceRecord> find(SourceId id) const override {
    if (auto record = known_.find(id)) return record;
    if (!table_) return std::nullopt;
    const std::lock_guard<std::mutex> lock(mutex_);
    return guarded(path_, [&] { return table_->find(id); });
  }

  std::vector<SourceRow> all() const override {
    auto rows = known_.all();
    if (table_) {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (auto& row : guarded(path_, [&] { return table_->all(); }))
        rows.insert(std::move(row));
    }
    return {rows.begin(), rows.end()};
  }

 private:
  SourceRow new_row(const SourceRecord& record) {
    if (!writable_) return row_in_memory(record);
    try {
      SourceRow row = table_->assign(record);
      return known_.find(row.first) ? row_in_memory(record) : row;
    } catch (const SqliteError& error) {
      if (may_not_write(error)) return row_in_memory(record);
      throw;
    }
  }

  /// The file's row of the source, unless this process has given that id to another source.
  std::optional<SourceRow> row_in_file(const SourceRecord& record) {
    auto row = table_ ? table_->find(record) : std::nullopt;
    if (row && known_.find(row->first)) return std::nullopt;
    return row;
  }

  void learn(const SourceRecord& record) {
    if (known_.find(record)) return;
    if (const auto row = row_in_file(record)) known_.insert(row->first, row->second);
  }

  void write(const SourceRecord& record) {
    try {
      table_->update(record);
    } catch (const SqliteError& error) {
      if (!may_not_write(error)) throw;  // else this process alone knows better
    }
  }

  /// The row of the file if it has the source; else an id that neither the file nor this process
  /// uses.
  SourceRow row_in_memory(const SourceRecord& record) {
    if (auto row = row_in_file(record)) return *std::move(row);
    const SourceId preferred = preferred_source_id(record);
    SourceId id = preferred;
    while (known_.find(id) || (table_ && table_->find(id))) {
      id = next_source_id(id);
      if (id == preferred) throw Error(ErrorCode::kCache, path_ + ": no source id is left");
    }
    return {id, record};
  }

  const std::string path_;
  mutable std::mutex mutex_;  ///< of table_
  const std::unique_ptr<SourceTable> table_;
  const bool writable_;
  KnownSources known_;
};

bool make_directory(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  return !failed;
}

}  // namespace

std::unique_ptr<SourceIds> open_source_registry(const std::string& cache_root, bool read_only) {
  const std::string path = cache_root + "/sources.sqlite";
  return guarded(path, [&]() -> std::unique_ptr<SourceIds> {
    if (!read_only && make_directory(cache_root))
      if (auto table = SourceTable::open(path, true))
        return std::make_unique<SourceRegistry>(path, std::move(table), true);
    return std::make_unique<SourceRegistry>(path, SourceTable::open(path, false), false);
  });
}

}  // namespace topobathy
