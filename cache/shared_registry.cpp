#include "cache/shared_registry.h"

#include <map>
#include <mutex>
#include <utility>

#include "cache/source_registry.h"

namespace topobathy {

std::shared_ptr<SourceIds> shared_source_registry(const std::string& cache_root, bool read_only) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, bool>, std::weak_ptr<SourceIds>> known;
  const std::lock_guard<std::mutex> lock(mutex);
  auto& entry = known[{cache_root, read_only}];
  std::shared_ptr<SourceIds> registry = entry.lock();
  if (!registry) {
    registry = open_source_registry(cache_root, read_only);
    entry = registry;
  }
  return registry;
}

}  // namespace topobathy
