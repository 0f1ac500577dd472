#include "providers/raster/remote_stamps.h"

#include <cpl_vsi.h>

#include <chrono>
#include <limits>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "providers/http/one_flight.h"
#include "providers/http/signed_paths.h"

namespace topobathy {
namespace {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// By the beginning of its URL, so with any signature; of a file inside of a remote archive that is
/// not its path, and all goes.
void forget_in_gdal(const std::string& path) {
  if (url_of_vsicurl(path).empty())
    VSICurlClearCache();
  else
    VSICurlPartialClearCache(path.c_str());
}

}  // namespace

struct RemoteStamps::State {
  struct Known {
    FileStamp stamp;
    double until = 0.0;
  };

  std::optional<FileStamp> fresh(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto found = known.find(path);
    if (found == known.end() || found->second.until <= now()) return std::nullopt;
    return found->second.stamp;
  }

  /// \return whether another stamp was known
  bool keep(const std::string& path, const FileStamp& stamp) {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto [entry, is_new] = known.try_emplace(path);
    const bool changed = !is_new && entry->second.stamp != stamp;
    entry->second = {stamp, now() + kSeconds};
    return changed;
  }

  Now now;
  std::function<void(const std::string&)> forget;
  OneFlight<std::optional<FileStamp>> flights;
  std::mutex mutex;
  std::unordered_map<std::string, Known> known;
};

RemoteStamps::RemoteStamps() : RemoteStamps(steady_seconds, forget_in_gdal) {}

RemoteStamps::RemoteStamps(Now now, std::function<void(const std::string&)> forget)
    : state_(std::make_shared<State>()) {
  state_->now = std::move(now);
  state_->forget = std::move(forget);
}

std::optional<FileStamp> RemoteStamps::find(const std::string& path, const Ask& ask) {
  if (auto fresh = state_->fresh(path)) return fresh;
  return state_->flights.run(path, [&]() -> std::optional<FileStamp> {
    if (auto fresh = state_->fresh(path)) return fresh;  // by the flight that has just landed
    std::optional<FileStamp> stamp = ask();
    if (stamp && state_->keep(path, *stamp)) state_->forget(path);
    return stamp;
  });
}

void RemoteStamps::expire(const std::string& path) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  const auto found = state_->known.find(path);
  if (found != state_->known.end()) found->second.until = -std::numeric_limits<double>::infinity();
}

RemoteStamps& remote_stamps() {
  // Never destroyed: threads may still read while the process ends.
  static RemoteStamps& stamps = *new RemoteStamps;
  return stamps;
}

}  // namespace topobathy
