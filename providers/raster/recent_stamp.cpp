#include "providers/raster/recent_stamp.h"

#include <chrono>
#include <mutex>
#include <unordered_map>

#include "providers/http/one_flight.h"
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

std::optional<FileStamp> look(const std::string& path) {
  RecentStamps& recent = recent_stamps();
  std::uint64_t generation = 0;
  {
    const std::lock_guard<std::mutex> lock(recent.mutex);
    generation = recent.generation;
  }
  const auto until = Clock::now() + tuning::kRecentStamp;
  const auto stamp = stamp_file(path);
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
