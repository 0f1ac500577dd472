#include "providers/archive/discovery_cache.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "cache/key_lock.h"
#include "fusion/error.h"
#include "providers/archive/discovery_store.h"

namespace topobathy {

struct DiscoveryCache::State {
  explicit State(Setup with)
      : setup(std::move(with)), disk(setup.path, setup.read_only), memory("", false) {}

  const Setup setup;
  DiscoveryStore disk;    ///< with an empty path in memory too
  DiscoveryStore memory;  ///< for what the disk does not take
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<std::mutex>> asking;  ///< one a region
  std::set<std::string> expired;  ///< by expire(), where the disk may not be written
  std::map<std::string, std::int64_t> not_before;  ///< of regions that could not be asked again

  std::shared_ptr<std::mutex> turn(const std::string& region) {
    const std::lock_guard<std::mutex> lock(mutex);
    auto& found = asking[region];
    if (!found) found = std::make_shared<std::mutex>();
    return found;
  }

  /// Where the region is known.
  DiscoveryStore* holder(const std::string& region, KnownRegion& known) {
    for (DiscoveryStore* store : {&memory, &disk}) {
      if (const auto found = store->region(region)) {
        known = *found;
        return store;
      }
    }
    return nullptr;
  }

  bool is_fresh(const std::string& region, const KnownRegion& known) {
    if (setup.offline) return true;
    const std::lock_guard<std::mutex> lock(mutex);
    const auto failed = not_before.find(region);
    if (failed != not_before.end() && setup.clock->now() < failed->second) return true;
    return expired.count(region) == 0 && setup.clock->now() < known.expires_at;
  }

  std::optional<std::vector<Asset>> look(const std::string& region, const LonLatBox& box) {
    KnownRegion known;
    DiscoveryStore* store = holder(region, known);
    if (store == nullptr || !is_fresh(region, known)) return std::nullopt;
    return store->find(region, box);
  }

  void keep(const std::string& region, const Discovery& found) {
    const std::int64_t seconds =
        found.assets.empty() ? std::min(found.seconds, kNegativeSeconds) : found.seconds;
    const std::int64_t until = setup.clock->now() + seconds;
    {
      const std::lock_guard<std::mutex> lock(mutex);
      expired.erase(region);
      not_before.erase(region);
    }
    if (!setup.read_only) {
      const std::string failed = disk.put(region, found, until);
      if (failed.empty()) return;
      warn(setup.path + ": what the archive has is not remembered: " + failed);
    }
    memory.put(region, found, until);
  }

  /// An archive that does not answer is not asked for every cell.
  void put_off(const std::string& region) {
    const std::lock_guard<std::mutex> lock(mutex);
    not_before[region] = setup.clock->now() + kRetrySeconds;
  }

  void warn(const std::string& message) const {
    if (setup.warn) setup.warn(message);
  }
};

DiscoveryCache::DiscoveryCache(Setup setup) : state_(std::make_unique<State>(std::move(setup))) {}
DiscoveryCache::~DiscoveryCache() = default;

std::vector<Asset> DiscoveryCache::find(const std::string& region, const LonLatBox& box,
                                        const Ask& ask) {
  if (auto assets = state_->look(region, box)) return *std::move(assets);
  const auto turn = state_->turn(region);
  const std::lock_guard<std::mutex> in_process(*turn);
  std::optional<KeyLock> between_processes;
  if (!state_->setup.path.empty() && !state_->setup.read_only) {
    const auto folder = std::filesystem::path(state_->setup.path).parent_path();
    between_processes.emplace((folder / "locks").string(), "discovery\n" + region);
  }
  // Somebody may have asked meanwhile.
  if (auto assets = state_->look(region, box)) return *std::move(assets);
  KnownRegion known;
  DiscoveryStore* old = state_->holder(region, known);
  try {
    const Discovery found = ask(known.note);
    state_->keep(region, found);
    std::vector<Asset> assets;
    for (const Asset& asset : found.assets)
      if (touch(asset.box, box)) assets.push_back(asset);
    std::sort(assets.begin(), assets.end(),
              [](const Asset& a, const Asset& b) { return a.id < b.id; });
    return assets;
  } catch (const Error& error) {
    auto assets = old == nullptr ? std::nullopt : old->find(region, box);
    if (!assets) throw;
    state_->put_off(region);
    state_->warn(std::string(error.what()) + "; what was known before is used");
    return *std::move(assets);
  }
}

void DiscoveryCache::expire(const std::string& region) {
  state_->memory.expire(region);
  state_->disk.expire(region);
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->expired.insert(region);
}

}  // namespace topobathy
