#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "providers/archive/asset.h"

namespace topobathy {

/// The name of an asset's grid of a nominal cell, without a folder:
/// "<id>_<8 hex of URL and edition>_<cell>m.tif". The id's odd characters become '_'.
std::string grid_name(const Asset& asset, double nominal);

/// Whether there is such a file (VSI paths too).
bool file_exists(const std::string& path);

/// One at a time for each name, within the process. Thread-safe.
class NameLocks {
 public:
  /// Held until destroyed.
  class Hold {
   public:
    explicit Hold(std::shared_ptr<std::mutex> mutex) : mutex_(std::move(mutex)), lock_(*mutex_) {}

   private:
    const std::shared_ptr<std::mutex> mutex_;
    const std::lock_guard<std::mutex> lock_;
  };
  std::shared_ptr<Hold> hold(const std::string& name);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<std::mutex>> held_;
};

}  // namespace topobathy
