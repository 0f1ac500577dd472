#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "providers/http/one_flight.h"
#include "providers/usgs_lidar/point_cloud.h"

namespace topobathy {

/// Files of EPT sets kept in memory: the tiles of a survey share its description, its hierarchy
/// pages and the nodes of its upper levels, and are often made at the same time. A file that
/// several want at once is fetched once. Thread-safe.
class RememberedEpt {
 public:
  /// The files of a set; those of another edition are not mixed up.
  static std::unique_ptr<EptFiles> files(const std::shared_ptr<RememberedEpt>& memory, AskHttp ask,
                                         const std::string& base_url, const std::string& edition);

 private:
  friend class RememberedFiles;
  using File = std::optional<std::string>;

  /// Bytes by name; all are dropped when there is no room for more.
  struct Shelf {
    std::uint64_t max_bytes;
    std::map<std::string, std::string> files = {};
    std::uint64_t bytes = 0;

    void keep(const std::string& key, const std::string& file);
  };

  Shelf& shelf_of(const std::string& relative) noexcept;

  std::mutex mutex_;
  Shelf pages_{std::uint64_t{64} << 20};
  /// Some hundred nodes; apart, so that they do not push the pages out.
  Shelf nodes_{std::uint64_t{64} << 20};
  OneFlight<File> flight_;
};

}  // namespace topobathy
