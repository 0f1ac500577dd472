#include "providers/archive/discovery_store.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "cache/sqlite.h"
#include "fusion/sha256.h"
#include "providers/archive/asset_json.h"

namespace topobathy {
namespace {

/// Of PRAGMA application_id: "TBds". Any other file is none of ours.
constexpr std::int64_t kApplication = 0x54426473;
/// Bump when the tables change.
constexpr std::int64_t kTableVersion = 1000 + kAssetTextVersion;
/// A discovery is written in well under a second; who waits longer asks the archive instead.
constexpr char kPatience[] = "PRAGMA busy_timeout = 5000";

// The R-tree holds 32-bit floats, rounded outward; an asset across the antimeridian has two boxes.
constexpr char kCreate[] =
    "CREATE TABLE regions(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " expires_at INTEGER NOT NULL, note TEXT NOT NULL);"
    "CREATE TABLE assets(id INTEGER PRIMARY KEY, region INTEGER NOT NULL, asset_id TEXT NOT NULL,"
    " text TEXT NOT NULL, checksum TEXT NOT NULL);"
    "CREATE INDEX assets_of_region ON assets(region);"
    "CREATE VIRTUAL TABLE boxes USING rtree(id, west, east, south, north, +asset INTEGER,"
    " +region INTEGER)";
constexpr char kRegion[] = "SELECT id, expires_at, note FROM regions WHERE name = ?1";
constexpr char kTouching[] =
    "SELECT DISTINCT assets.text, assets.checksum, assets.asset_id FROM boxes"
    " JOIN assets ON assets.id = boxes.asset"
    " WHERE boxes.west <= ?2 AND boxes.east >= ?1 AND boxes.south <= ?4 AND boxes.north >= ?3"
    " AND boxes.region = ?5 ORDER BY assets.asset_id";

/// The parts of a longitude span that lie between -180 and 180.
std::vector<std::pair<double, double>> turned_spans(const LonLatBox& box) {
  const double east = box.east < box.west ? box.east + 360.0 : box.east;
  std::vector<std::pair<double, double>> spans;
  for (const double turn : {-360.0, 0.0, 360.0}) {
    const double from = std::max(box.west + turn, -180.0), to = std::min(east + turn, 180.0);
    if (from <= to) spans.emplace_back(from, to);
  }
  return spans;
}

void delete_region(SqliteDatabase& database, std::int64_t region) {
  for (const char* sql :
       {"DELETE FROM boxes WHERE id IN (SELECT boxes.id FROM boxes JOIN assets ON"
        " assets.id = boxes.asset WHERE assets.region = ?1)",
        "DELETE FROM assets WHERE region = ?1", "DELETE FROM regions WHERE id = ?1"}) {
    SqliteStatement statement(database, sql);
    statement.bind(1, region);
    statement.step();
  }
}

std::int64_t insert_region(SqliteDatabase& database, const std::string& name,
                           const Discovery& found, std::int64_t expires_at) {
  SqliteStatement row(database, "INSERT INTO regions(name, expires_at, note) VALUES(?1, ?2, ?3)");
  row.bind(1, name);
  row.bind(2, expires_at);
  row.bind(3, found.note);
  row.step();
  return sqlite3_last_insert_rowid(database.handle());
}

void insert_assets(SqliteDatabase& database, std::int64_t region,
                   const std::vector<Asset>& assets) {
  SqliteStatement row(
      database, "INSERT INTO assets(region, asset_id, text, checksum) VALUES(?1, ?2, ?3, ?4)");
  SqliteStatement box(database,
                      "INSERT INTO boxes(west, east, south, north, asset, region)"
                      " VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
  for (const Asset& asset : assets) {
    const std::string text = asset_text(asset), checksum = sha256_hex(text);
    row.reset();
    row.bind(1, region);
    row.bind(2, asset.id);
    row.bind(3, text);
    row.bind(4, checksum);
    row.step();
    const std::int64_t id = sqlite3_last_insert_rowid(database.handle());
    for (const auto& [west, east] : turned_spans(asset.box)) {
      box.reset();
      box.bind(1, west);
      box.bind(2, east);
      box.bind(3, asset.box.south);
      box.bind(4, asset.box.north);
      box.bind(5, id);
      box.bind(6, region);
      box.step();
    }
  }
}

}  // namespace

/// The connection, kept between calls: to open a file takes longer than a lookup.
struct DiscoveryStore::Database {
  std::string path;
  bool read_only = false;
  std::mutex mutex;
  std::unique_ptr<SqliteDatabase> connection;
  pid_t owner = 0;
  bool damaged = false;
  std::string trouble;

  /// Null: there is no file yet (or none may be read).
  SqliteDatabase* open(bool to_write) {
    if (connection && owner == ::getpid()) return connection.get();
    if (connection) connection.release();  // the parent's: closing it would drop the parent's locks
    const bool memory = path.empty();
    if (!memory && to_write) {
      std::error_code failed;  // told by SQLite
      std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
    }
    if (!memory && !to_write && !std::filesystem::exists(path)) return nullptr;
    const int flags =
        read_only && !memory ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    auto opened = std::make_unique<SqliteDatabase>(memory ? ":memory:" : path, flags);
    opened->run(kPatience);
    connection = std::move(opened);
    owner = ::getpid();
    return connection.get();
  }

  static bool is_made(SqliteDatabase& database) {
    const auto application = database.number("PRAGMA application_id");
    if (application == 0 && database.number("SELECT count(*) FROM sqlite_master") == 0)
      return false;
    if (application != kApplication)
      throw SqliteError(SQLITE_NOTADB, "it is another program's database");
    return database.number("PRAGMA user_version") == kTableVersion;
  }

  static void make(SqliteDatabase& database) {
    if (is_made(database)) return;
    if (database.number("SELECT count(*) FROM sqlite_master") != 0) reset_database(database);
    SqliteTransaction transaction(database);
    if (is_made(database)) return;  // another process was quicker
    database.run(kCreate);
    database.run(("PRAGMA application_id = " + std::to_string(kApplication)).c_str());
    database.run(("PRAGMA user_version = " + std::to_string(kTableVersion)).c_str());
    transaction.commit();
  }

  void note(const SqliteError& error) {
    if (is_damage(error)) damaged = true;
    if (!is_out_of_reach(error)) trouble = error.what();
    connection.reset();
  }

  /// Runs a look at the tables; nothing where there are none, or they are damaged.
  template <class Look>
  auto look(const Look& what) -> decltype(what(std::declval<SqliteDatabase&>())) {
    const std::lock_guard<std::mutex> lock(mutex);
    try {
      SqliteDatabase* database = damaged ? nullptr : open(false);
      if (database == nullptr || !is_made(*database)) return std::nullopt;
      return what(*database);
    } catch (const SqliteError& error) {
      note(error);
      return std::nullopt;
    } catch (const std::exception& error) {  // a text that is no asset
      damaged = true;
      trouble = error.what();
      return std::nullopt;
    }
  }
};

DiscoveryStore::DiscoveryStore(std::string path, bool read_only)
    : database_(std::make_unique<Database>()) {
  database_->path = std::move(path);
  database_->read_only = read_only;
}

DiscoveryStore::~DiscoveryStore() = default;

std::optional<KnownRegion> DiscoveryStore::region(const std::string& name) {
  return database_->look([&](SqliteDatabase& database) -> std::optional<KnownRegion> {
    SqliteStatement row(database, kRegion);
    row.bind(1, name);
    if (!row.step()) return std::nullopt;
    return KnownRegion{row.number(1), row.text(2)};
  });
}

std::optional<std::vector<Asset>> DiscoveryStore::find(const std::string& name,
                                                       const LonLatBox& box) {
  return database_->look([&](SqliteDatabase& database) -> std::optional<std::vector<Asset>> {
    database.run("BEGIN");  // region and assets of one moment
    struct End {
      SqliteDatabase& database;
      ~End() { sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }
    } const end{database};
    SqliteStatement known(database, kRegion);
    known.bind(1, name);
    if (!known.step()) return std::nullopt;
    std::vector<Asset> assets;
    for (const auto& [west, east] : turned_spans(box)) {
      SqliteStatement row(database, kTouching);
      row.bind(1, west);
      row.bind(2, east);
      row.bind(3, box.south);
      row.bind(4, box.north);
      row.bind(5, known.number(0));
      while (row.step()) {
        const std::string text = row.text(0);
        if (sha256_hex(text) != row.text(1)) return std::nullopt;
        assets.push_back(asset_from_text(text));
      }
    }
    // One that lies across the antimeridian may have been met on both sides.
    const auto by_id = [](const Asset& a, const Asset& b) { return a.id < b.id; };
    const auto same = [](const Asset& a, const Asset& b) { return a.id == b.id; };
    std::sort(assets.begin(), assets.end(), by_id);
    assets.erase(std::unique(assets.begin(), assets.end(), same), assets.end());
    return assets;
  });
}

std::string DiscoveryStore::put(const std::string& name, const Discovery& found,
                                std::int64_t expires_at) {
  const std::lock_guard<std::mutex> lock(database_->mutex);
  try {
    SqliteDatabase& database = *database_->open(true);
    if (std::exchange(database_->damaged, false)) reset_database(database);
    Database::make(database);
    SqliteTransaction transaction(database);
    SqliteStatement old(database, kRegion);
    old.bind(1, name);
    if (old.step()) delete_region(database, old.number(0));
    old.reset();
    insert_assets(database, insert_region(database, name, found, expires_at), found.assets);
    transaction.commit();
    return "";
  } catch (const SqliteError& error) {
    database_->note(error);
    return error.what();
  }
}

void DiscoveryStore::expire(const std::string& name) {
  const std::lock_guard<std::mutex> lock(database_->mutex);
  try {
    SqliteDatabase* database = database_->read_only ? nullptr : database_->open(false);
    if (database == nullptr || !Database::is_made(*database)) return;
    SqliteStatement row(*database, "UPDATE regions SET expires_at = 0 WHERE name = ?1");
    row.bind(1, name);
    row.step();
  } catch (const SqliteError& error) {
    database_->note(error);
  }
}

std::string DiscoveryStore::trouble() {
  const std::lock_guard<std::mutex> lock(database_->mutex);
  return std::exchange(database_->trouble, "");
}

}  // namespace topobathy
