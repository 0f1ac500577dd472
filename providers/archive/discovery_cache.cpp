#include "providers/archive/discovery_cache.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <utility>

namespace topobathy {

struct DiscoveryCache::State {
  Setup setup;
  std::mutex mutex;
  std::map<std::string, Discovery> regions;
};

DiscoveryCache::DiscoveryCache(Setup setup) : state_(std::make_unique<State>()) {
  state_->setup = std::move(setup);
}

DiscoveryCache::~DiscoveryCache() = default;

std::vector<Asset> DiscoveryCache::find(const std::string& region, const LonLatBox& box,
                                        const Ask& ask) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  auto known = state_->regions.find(region);
  if (known == state_->regions.end()) known = state_->regions.emplace(region, ask("")).first;
  std::vector<Asset> found;
  for (const Asset& asset : known->second.assets)
    if (touch(asset.box, box)) found.push_back(asset);
  return found;
}

void DiscoveryCache::expire(const std::string& region) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->regions.erase(region);
}

}  // namespace topobathy
