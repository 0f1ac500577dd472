#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "providers/http/one_flight.h"
#include "providers/usgs_lidar/point_cloud.h"

namespace topobathy {

/// Files of EPT sets, kept in memory, for the tiles of a survey share them: descriptions and
/// hierarchy pages, and the points read lately, whose upper nodes lie under many tiles. Threads
/// that want the same file at the same time fetch it once. Thread-safe.
class RememberedEpt {
 public:
  /// The files of a set; those of another edition are not mixed up.
  static std::unique_ptr<EptFiles> files(const std::shared_ptr<RememberedEpt>& memory, AskHttp ask,
                                         const std::string& base_url, const std::string& edition);

 private:
  friend class RememberedFiles;
  /// Files up to a number of bytes; the oldest go first.
  struct Shelf {
    explicit Shelf(std::uint64_t most) : most_bytes(most) {}
    void keep(const std::string& key, const std::string& file);

    const std::uint64_t most_bytes;
    std::map<std::string, std::string> files;
    std::deque<std::string> order;
    std::uint64_t bytes = 0;
  };
  std::optional<std::string> find(const std::string& key, bool points);
  void keep(const std::string& key, bool points, const std::string& file);
  Shelf& shelf(bool points) noexcept { return points ? points_ : texts_; }

  std::mutex mutex_;
  Shelf texts_{std::uint64_t{64} << 20};
  /// Nodes have some 100 kB; a tile of a kilometre shares a dozen with each neighbour.
  Shelf points_{std::uint64_t{32} << 20};
  OneFlight<std::optional<std::string>> flights_;
};

}  // namespace topobathy
