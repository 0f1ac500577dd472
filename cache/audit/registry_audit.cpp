#include "cache/audit/registry_audit.h"

#include "fusion/error.h"

namespace topobathy {
namespace {

std::string identity_text(const SourceRecord& record) {
  return record.provider + '\0' + record.key + '\0' + record.location;
}

std::string label(const SourceRecord& record) {
  return record.provider + " " + record.key;
}

}  // namespace

RegistryAudit::RegistryAudit(const std::string& root) : path_(root + "/sources.sqlite") {
  open();
}

std::string RegistryAudit::problem() const {
  const std::lock_guard<std::mutex> lock(table_mutex_);
  return problem_;
}

void RegistryAudit::open() {
  table_.reset();
  problem_.clear();
  try {
    table_ = SourceTable::open(path_, /*writable=*/false);
  } catch (const SqliteError& error) {
    problem_ = error.what();
  } catch (const Error& error) {
    problem_ = error.what();
  }
}

std::vector<RegistryAudit::Disagreement> RegistryAudit::compare(
    const std::vector<SourceRow>& cell) {
  std::vector<Disagreement> found;
  for (const SourceRow& row : cell)
    if (auto disagreement = compare_row(row)) found.push_back(*std::move(disagreement));
  return found;
}

std::optional<RegistryAudit::Disagreement> RegistryAudit::compare_row(const SourceRow& row) {
  if (row.first == kBackgroundSource) return std::nullopt;  // the same everywhere
  const std::string identity = identity_text(row.second);
  {
    const std::shared_lock<std::shared_mutex> lock(known_mutex_);
    for (const auto* rows : {&known_, &told_}) {
      const auto found = rows->find(row.first);
      if (found != rows->end() && found->second == identity) return std::nullopt;
    }
  }
  auto disagreement = ask(row);
  const std::unique_lock<std::shared_mutex> lock(known_mutex_);
  if (!disagreement) known_[row.first] = identity;
  if (!disagreement || disagreement->conflict) return disagreement;
  if (!told_.emplace(row.first, identity).second) return std::nullopt;
  return disagreement;
}

std::optional<RegistryAudit::Disagreement> RegistryAudit::ask(const SourceRow& row) {
  const std::lock_guard<std::mutex> lock(table_mutex_);
  if (!problem_.empty()) return std::nullopt;
  if (!table_) open();  // made meanwhile?
  const std::string id = std::to_string(row.first);
  if (const auto holder = table_ ? table_->find(row.first) : std::nullopt) {
    if (identity(*holder) == identity(row.second)) return std::nullopt;
    return Disagreement{row, true,
                        "source id " + id + " is " + label(row.second) +
                            " here, and in the registry " + label(*holder)};
  }
  if (const auto other = table_ ? table_->find(row.second) : std::nullopt)
    return Disagreement{row, true,
                        label(row.second) + " has source id " + id + " here, and in the registry " +
                            std::to_string(other->first)};
  return Disagreement{row, false,
                      "source id " + id + " (" + label(row.second) + ") is not in the registry"};
}

bool RegistryAudit::enter(const SourceRow& row) {
  const auto table = SourceTable::open(path_, /*writable=*/true);
  if (!table) throw Error(ErrorCode::kCache, path_ + ": may not be written");
  return table->enter(row);
}

void RegistryAudit::repair() {
  const std::lock_guard<std::mutex> lock(table_mutex_);
  table_.reset();
  const std::vector<SourceRow> rows = SourceTable::salvage(path_);
  {
    SqliteDatabase database(path_, SQLITE_OPEN_READWRITE);
    reset_database(database);
  }
  const auto table = SourceTable::open(path_, /*writable=*/true);
  if (!table) throw Error(ErrorCode::kCache, path_ + ": may not be written");
  for (const SourceRow& row : rows)
    table->enter(row);
  open();
}

}  // namespace topobathy
