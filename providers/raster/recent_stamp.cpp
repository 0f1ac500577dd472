#include "providers/raster/recent_stamp.h"

#include <cpl_vsi.h>

#include <chrono>
#include <mutex>
#include <unordered_map>

#include "providers/http/one_flight.h"
#include "providers/http/signed_paths.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

using Clock = std::chrono::steady_clock;

struct Recent {
  FileStamp stamp;
  Clock::time_point until;
};

struct RecentStamps {
  std::mutex mutex;
  std::unordered_map<std::string, Recent> known;
  /// What each path's stamp was last, forgotten ones too: by it GDAL's own memory is judged.
  std::unordered_map<std::string, std::string> last;
  std::uint64_t generation = 0;  ///< counts what was forgotten
  OneFlight<std::optional<FileStamp>> flight;
};

/// Never destroyed, like the other pools.
RecentStamps& recent_stamps() {
  static RecentStamps& stamps = *new RecentStamps;
  return stamps;
}

std::optional<FileStamp> find_recent(const std::string& path) {
  RecentStamps& recent = recent_stamps();
  const std::lock_guard<std::mutex> lock(recent.mutex);
  const auto known = recent.known.find(path);
  if (known == recent.known.end() || Clock::now() >= known->second.until) return std::nullopt;
  return known->second.stamp;
}

/// GDAL keeps what it has read of a URL for as long as the process lives, whatever becomes of the
/// file. Under another stamp that would be taken for the new edition, so it goes.
void drop_old_edition(const std::string& path, const FileStamp& stamp) {
  RecentStamps& recent = recent_stamps();
  bool all = false;
  {
    const std::lock_guard<std::mutex> lock(recent.mutex);
    if (recent.last.size() >= tuning::kRecentStamps) {
      recent.last.clear();
      all = true;  // whose edition is not known any more
    }
    const auto [last, is_new] = recent.last.try_emplace(path, stamp.text());
    if (!all && (is_new || last->second == stamp.text())) return;
    last->second = stamp.text();
  }
  // Of a file in a remote archive the path is not the beginning of the URL.
  if (all || url_of_vsicurl(path).empty())
    VSICurlClearCache();
  else
    VSICurlPartialClearCache(path.c_str());
}

std::optional<FileStamp> look(const std::string& path) {
  RecentStamps& recent = recent_stamps();
  std::uint64_t generation = 0;
  {
    const std::lock_guard<std::mutex> lock(recent.mutex);
    generation = recent.generation;
  }
  const auto until = Clock::now() + tuning::kRecentStamp;
  const auto stamp = stamp_file(path);
  if (stamp) drop_old_edition(path, *stamp);
  const std::lock_guard<std::mutex> lock(recent.mutex);
  if (!stamp || generation != recent.generation) return stamp;
  if (recent.known.size() >= tuning::kRecentStamps) recent.known.clear();
  recent.known.insert_or_assign(path, Recent{*stamp, until});
  return stamp;
}

}  // namespace

std::optional<FileStamp> recent_stamp(const std::string& path) {
  if (!is_remote_path(path)) return stamp_file(path);
  if (const auto known = find_recent(path)) return known;
  return recent_stamps().flight.run(path, [&] {
    const auto known = find_recent(path);  // another flight may just have landed
    return known ? known : look(path);
  });
}

void forget_recent_stamps() noexcept {
  RecentStamps& recent = recent_stamps();
  const std::lock_guard<std::mutex> lock(recent.mutex);
  recent.known.clear();
  ++recent.generation;
}

}  // namespace topobathy
