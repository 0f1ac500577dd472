#pragma once

#include <functional>
#include <memory>
#include <string>

#include "providers/archive/discovery_cache.h"
#include "providers/http/clock.h"
#include "providers/http/endpoints.h"
#include "providers/http/http_client.h"

namespace topobathy {

/// What archives share: the network, the caches, the clock. Thread-safe.
struct ArchiveContext {
  std::string provider;  ///< canonical name
  /// Folder of the provider below the cache root, no slash at its end; with CACHE=OFF one that
  /// lives as long as the process. Tier 5 is `raw/` in it.
  std::string folder;
  /// False (CACHE=READ_ONLY): what lies in `folder` is used, and nothing there is changed; new
  /// files go below scratch_folder().
  bool may_write = true;
  bool offline = false;
  Endpoints endpoints;
  std::shared_ptr<HttpClient> http;  ///< with `offline` every call is an error
  std::shared_ptr<DiscoveryCache> discovery;
  Clock* clock = &system_clock();
  std::function<void(const std::string&)> warn;  ///< told what a user should know; any thread
};

}  // namespace topobathy
