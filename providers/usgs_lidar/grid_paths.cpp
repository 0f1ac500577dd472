#include "providers/usgs_lidar/grid_paths.h"

#include <cpl_vsi.h>

#include <algorithm>
#include <cstdio>

#include "fusion/sha256.h"

namespace topobathy {
namespace {

constexpr std::size_t kLongestId = 150;

bool is_plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

}  // namespace

std::string grid_name(const Asset& asset, double nominal) {
  std::string id = asset.id.substr(0, kLongestId);
  std::replace_if(
      id.begin(), id.end(), [](char c) { return !is_plain(c); }, '_');
  if (id.empty() || id.front() == '.') id.insert(0, "_");
  char cell[32];
  std::snprintf(cell, sizeof cell, "_%gm.tif", nominal);
  const std::string edition = asset.id + "\n" + asset.url + "\n" + asset.revision;
  return id + "_" + sha256_hex(edition).substr(0, 8) + cell;
}

bool file_exists(const std::string& path) {
  VSIStatBufL status;
  return VSIStatExL(path.c_str(), &status, VSI_STAT_EXISTS_FLAG) == 0;
}

std::shared_ptr<NameLocks::Hold> NameLocks::hold(const std::string& name) {
  std::shared_ptr<std::mutex> mutex;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = held_.begin(); it != held_.end();)
      it = it->second.expired() ? held_.erase(it) : std::next(it);
    auto& known = held_[name];
    mutex = known.lock();
    if (!mutex) known = mutex = std::make_shared<std::mutex>();
  }
  return std::make_shared<Hold>(std::move(mutex));
}

}  // namespace topobathy
