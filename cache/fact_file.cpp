#include "cache/fact_file.h"

#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cache/sqlite.h"
#include "fusion/sha256.h"

namespace topobathy {
namespace {

/// Of PRAGMA application_id: "TBfs". Any other file is none of ours.
constexpr std::int64_t kApplication = 0x54426673;
/// Bump when the table changes; another version's file is made anew.
constexpr std::int64_t kVersion = 1;
/// Nobody holds the lock for longer than one batch takes; waiting longer costs more than to open
/// the files again.
constexpr char kPatience[] = "PRAGMA busy_timeout = 2000";

constexpr char kCreate[] =
    "CREATE TABLE facts(name TEXT PRIMARY KEY, revision TEXT NOT NULL, value BLOB NOT NULL,"
    " checksum TEXT NOT NULL)";
constexpr char kFind[] = "SELECT value, checksum FROM facts WHERE name = ?1 AND revision = ?2";
constexpr char kKeep[] = "INSERT OR REPLACE INTO facts VALUES(?1, ?2, ?3, ?4)";

/// Of the whole row: SQLite finds a damaged page only where its structure breaks.
std::string checksum(const FactKey& key, const std::string& value) {
  return sha256_hex(key.name + '\0' + key.revision + '\0' + value);
}

enum class Content { kNothing, kFacts, kOtherVersion };

/// \throws SqliteError, also for a database that is not ours
Content content_of(SqliteDatabase& database) {
  const auto application = database.number("PRAGMA application_id");
  if (application == kApplication)
    return database.number("PRAGMA user_version") == kVersion ? Content::kFacts
                                                              : Content::kOtherVersion;
  if (application == 0 && database.number("SELECT count(*) FROM sqlite_master") == 0)
    return Content::kNothing;
  throw SqliteError(SQLITE_NOTADB, "it is another program's database");
}

void insert(SqliteDatabase& database, const std::vector<Fact>& facts) {
  SqliteStatement row(database, kKeep);
  for (const Fact& fact : facts) {
    const std::string sum = checksum(fact.key, fact.value);
    row.reset();
    row.bind(1, fact.key.name);
    row.bind(2, fact.key.revision);
    row.bind(3, fact.value);
    row.bind(4, sum);
    row.step();
  }
}

class FactFile final : public FactStore {
 public:
  FactFile(std::string path, bool read_only, std::function<void(const std::string&)> warn)
      : path_(std::move(path)), read_only_(read_only), warn_(std::move(warn)) {}

  std::vector<std::string> find(const std::vector<FactKey>& keys) override {
    std::vector<std::string> values(keys.size());
    try {
      read(keys, values);
    } catch (const SqliteError& error) {
      told(error);
    }
    return values;
  }

  void keep(const std::vector<Fact>& facts) override {
    if (read_only_ || facts.empty()) return;
    try {
      try {
        write(facts, /*anew=*/damaged_);
      } catch (const SqliteError& error) {
        if (!is_damage(error)) throw;
        told(error);
        write(facts, /*anew=*/true);
      }
      damaged_ = false;
    } catch (const SqliteError& error) {
      told(error);
    }
  }

 private:
  void read(const std::vector<FactKey>& keys, std::vector<std::string>& values) const {
    SqliteDatabase database(path_, SQLITE_OPEN_READONLY);
    database.run(kPatience);
    database.run("BEGIN");  // one lock for all
    if (content_of(database) != Content::kFacts) return;
    SqliteStatement row(database, kFind);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      row.reset();
      row.bind(1, keys[i].name);
      row.bind(2, keys[i].revision);
      if (!row.step()) continue;
      std::string value = row.text(0);
      if (row.text(1) == checksum(keys[i], value)) values[i] = std::move(value);
    }
  }

  void write(const std::vector<Fact>& facts, bool anew) const {
    std::error_code failed;  // told by the next line
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), failed);
    SqliteDatabase database(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    database.run(kPatience);
    if (anew) reset_database(database);
    if (insert_all(database, facts)) return;
    reset_database(database);
    insert_all(database, facts);
  }

  /// False, and nothing is written, when the file is of another version. What the file is must be
  /// asked under the lock: another process may be making it.
  static bool insert_all(SqliteDatabase& database, const std::vector<Fact>& facts) {
    SqliteTransaction transaction(database);
    const Content content = content_of(database);
    if (content == Content::kOtherVersion) return false;
    if (content == Content::kNothing) {
      database.run(kCreate);
      database.run(("PRAGMA application_id = " + std::to_string(kApplication)).c_str());
      database.run(("PRAGMA user_version = " + std::to_string(kVersion)).c_str());
    }
    insert(database, facts);
    transaction.commit();
    return true;
  }

  /// Says once what is wrong; that the place may not be written or is not there yet is not.
  void told(const SqliteError& error) {
    if (is_damage(error)) damaged_ = true;
    if (is_out_of_reach(error) || told_.exchange(true)) return;
    if (!is_damage(error))
      warn_(path_ + ": file headers are not remembered: " + error.what());
    else if (read_only_)
      warn_(path_ + ": the remembered file headers are damaged and ignored: " + error.what());
    else
      warn_(path_ + ": the remembered file headers are damaged and made anew: " + error.what());
  }

  const std::string path_;
  const bool read_only_;
  const std::function<void(const std::string&)> warn_;
  std::atomic<bool> told_{false};
  std::atomic<bool> damaged_{false};  ///< to be made anew by the next write
};

}  // namespace

std::string raster_facts_path(const std::string& cache_root) {
  return cache_root + "/raster/headers.sqlite";
}

std::shared_ptr<FactStore> make_fact_file(std::string path, bool read_only,
                                          std::function<void(const std::string&)> warn) {
  return std::make_shared<FactFile>(std::move(path), read_only, std::move(warn));
}

}  // namespace topobathy
