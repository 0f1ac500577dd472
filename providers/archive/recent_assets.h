#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

#include "fusion/lattice.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// What a layer found for windows a moment ago. Fusing a cell asks for the same windows dozens of
/// times (whether there is anything, which revisions, which files, whether these still hold), each
/// a lookup on disk and a parse. Kept so shortly that it never counts beside how long discovery
/// itself is believed. Thread-safe.
class RecentAssets {
 public:
  using Assets = std::shared_ptr<const std::vector<Asset>>;
  using Find = std::function<std::vector<Asset>()>;

  explicit RecentAssets(std::chrono::milliseconds kept) : kept_(kept) {}
  /// What is remembered of the window, else what `find` says; what it throws is not remembered.
  Assets get(const Lattice& lattice, const LatticeWindow& window, const Find& find);
  void forget();

 private:
  using Clock = std::chrono::steady_clock;
  /// Level, column, row, width, height.
  using Place = std::tuple<int, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
  struct Known {
    Assets assets;
    Clock::time_point until;
  };

  const std::chrono::milliseconds kept_;
  std::mutex mutex_;
  std::map<Place, Known> known_;
  std::size_t weight_ = 0;        ///< entries and their assets
  std::uint64_t generation_ = 0;  ///< counts forget()
};

}  // namespace topobathy
