#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "providers/open.h"

namespace topobathy {

/// What one request may ask for; beyond it is refused with a message that names the limit.
struct ServiceLimits {
  std::uint64_t body_bytes = 1 << 20;       ///< 413
  std::uint64_t fuse_pixels = 64'000'000;   ///< of one /fuse answer: 413
  std::uint64_t analyze_degrees2 = 100;     ///< area of a box: 422
  std::uint64_t cells_per_job = 1'000'000;  ///< of one hydration: 422
  int jobs = 4;                             ///< hydrations at once: 429
  int workers_per_job = 16;
  int heavy_at_once = 3;         ///< fusions at once, one worker process
  int heavy_waiting = 64;        ///< more: 503 at once
  int heavy_wait_seconds = 120;  ///< 503
  int profile_points = 2000;
  int connections = 2000;     ///< one worker process
  int coverage_tiles = 1000;  ///< listed by /tiles/coverage
};

/// `topobathy serve`, as its arguments and environment say.
struct ServiceSettings {
  std::string host = "127.0.0.1";
  int port = 9595;
  int workers = 4;  ///< processes
  int debug = 0;
  int limit_max_requests =
      0;                   ///< a worker ends gracefully after so many and is replaced; 0 = never
  std::string policy_dir;  ///< <name>.yaml are the policies that clients may name; "" = none
  std::string token;       ///< "" = none
  std::vector<std::string> origins;  ///< allowed beside the server's own
  /// Providers that a client's policy_yaml may name; never "raster".
  std::set<std::string> client_providers;
  OpenRequest policy;  ///< the active policy and the cache
  ServiceLimits limits;
};

}  // namespace topobathy
