#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "providers/usgs_lidar/point_cloud.h"

namespace topobathy {

/// Descriptions and hierarchy pages of EPT sets, kept in memory: the tiles of a survey share them.
/// Thread-safe.
class RememberedEpt {
 public:
  /// The files of a set; those of another edition are not mixed up. Points are not kept.
  static std::unique_ptr<EptFiles> files(const std::shared_ptr<RememberedEpt>& memory, AskHttp ask,
                                         const std::string& base_url, const std::string& edition);

 private:
  friend class RememberedFiles;
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 20;

  std::mutex mutex_;
  std::map<std::string, std::string> texts_;
  std::uint64_t bytes_ = 0;
};

}  // namespace topobathy
