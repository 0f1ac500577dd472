#include "cache/manage/remove_item.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <optional>
#include <system_error>

#include "cache/sqlite.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSecond = 1000000000;  // in nanoseconds
constexpr std::int64_t kOrphanAge = 3600 * kSecond;

std::int64_t nanoseconds(const timespec& time) noexcept {
  return static_cast<std::int64_t>(time.tv_sec) * kSecond + time.tv_nsec;
}

std::optional<struct stat> look(const std::string& path) {
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

std::uint64_t size_of(const struct stat& status) noexcept {
  return static_cast<std::uint64_t>(status.st_size);
}

Removal unlink_file(const std::string& path) {
  Removal done;
  const auto status = look(path);
  if (!status) return done;
  done.removed = ::unlink(path.c_str()) == 0;
  if (done.removed)
    done.bytes = size_of(*status);
  else if (errno != ENOENT)
    done.failure = std::strerror(errno);
  return done;
}

Removal empty_database(const std::string& path) {
  Removal done;
  const auto before = look(path);
  if (!before) return done;
  try {
    SqliteDatabase database(path, SQLITE_OPEN_READWRITE);
    reset_database(database);
    const auto after = look(path);
    done.removed = true;
    if (after && size_of(*after) < size_of(*before))
      done.bytes = size_of(*before) - size_of(*after);
  } catch (const SqliteError& error) {
    done.failure = error.what();
  }
  return done;
}

bool has_owner(const std::string& root, const std::string& path, ItemKind kind) {
  const auto owners = owners_of(path, kind);
  return std::any_of(owners.begin(), owners.end(), [&](const std::string& owner) {
    return look(root + "/" + owner).has_value();
  });
}

}  // namespace

std::int64_t file_time_now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return nanoseconds(now);
}

Removal remove_item(const std::string& root, const std::string& path, const ItemClass& item,
                    std::int64_t began) {
  if (item.kind == ItemKind::kDiscovery) return empty_database(root + "/" + path);
  Removal done = unlink_file(root + "/" + path);
  if (!done.removed) return done;
  for (const std::string& companion : companions_of(path, item.kind)) {
    const auto status = look(root + "/" + companion);
    if (!status || nanoseconds(status->st_mtim) >= began) continue;
    const ItemKind kind =
        item.kind == ItemKind::kTile ? ItemKind::kTileCompanion : ItemKind::kFileCompanion;
    if (!has_owner(root, companion, kind)) done.bytes += unlink_file(root + "/" + companion).bytes;
  }
  return done;
}

Removal remove_orphan(const std::string& root, const std::string& path) {
  return unlink_file(root + "/" + path);
}

std::uint64_t companion_bytes(const std::string& root, const std::string& path, ItemKind kind) {
  std::uint64_t bytes = 0;
  for (const std::string& companion : companions_of(path, kind))
    if (const auto status = look(root + "/" + companion)) bytes += size_of(*status);
  return bytes;
}

bool is_orphan(const std::string& root, const CacheEntry& entry, std::int64_t now) {
  const ItemKind kind = entry.item.kind;
  if (kind != ItemKind::kTileCompanion && kind != ItemKind::kFileCompanion) return false;
  return entry.modified + kOrphanAge < now && !has_owner(root, std::string(entry.path), kind);
}

void remove_empty_folders(const std::string& root, const std::string& folder) {
  std::error_code failed;
  fs::directory_iterator entry(root + "/" + folder, failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    std::error_code gone;
    if (!fs::is_directory(entry->symlink_status(gone))) continue;
    const std::string below = folder + "/" + entry->path().filename().string();
    remove_empty_folders(root, below);
    ::rmdir((root + "/" + below).c_str());  // only what is empty
  }
}

}  // namespace topobathy
