#include "providers/archive/recent_assets.h"

#include <utility>

#include "providers/archive/tuning.h"

namespace topobathy {

RecentAssets::Assets RecentAssets::get(const Lattice& lattice, const LatticeWindow& window,
                                       const Find& find) {
  const Place place{lattice.level(), window.col, window.row, window.width, window.height};
  std::uint64_t generation = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    generation = generation_;
    const auto known = known_.find(place);
    if (known != known_.end() && Clock::now() < known->second.until) return known->second.assets;
  }
  // Counts from before the look: what it saw may be as old.
  const auto until = Clock::now() + kept_;
  auto assets = std::make_shared<const std::vector<Asset>>(find());
  const std::lock_guard<std::mutex> lock(mutex_);
  if (generation != generation_) return assets;
  if (weight_ >= kRecentAssets) {
    known_.clear();
    weight_ = 0;
  }
  if (known_.insert_or_assign(place, Known{assets, until}).second) weight_ += assets->size() + 1;
  return assets;
}

void RecentAssets::forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  known_.clear();
  weight_ = 0;
  ++generation_;
}

}  // namespace topobathy
