#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "utils/serve/recently_used.h"
#include "utils/serve/settings.h"
#include "utils/tiles/tile_maker.h"

namespace topobathy {

/// A policy that is served. Thread-safe.
class ServedPolicy {
 public:
  /// \param text of the policy's file, as far as the caller knows
  explicit ServedPolicy(const OpenRequest& policy, std::string text = "");

  /// Tiles in EPSG:3857, and the rasters that points are read from.
  TileMaker& tiles() noexcept { return tiles_; }
  const OpenRequest& request() const noexcept { return request_; }
  const std::string& text() const noexcept { return text_; }
  /// The policy on its own grid: request(); or in another CRS, resolution, zoom or box. What `as`
  /// says of policy and cache does not count. Kept for the next who asks for the same; sources are
  /// looked at again as those of tiles are: see look_interval.h. \throws Error
  std::shared_ptr<FusedRaster> raster(const OpenRequest& as);

 private:
  struct Opened {
    std::shared_ptr<FusedRaster> raster;
    std::chrono::steady_clock::time_point looked;
  };
  const OpenRequest request_;
  const std::string text_;
  const std::chrono::milliseconds look_every_;
  TileMaker tiles_;
  RecentlyUsed<Opened> rasters_;
};

/// What the routes of one worker process share. Thread-safe.
class Service {
 public:
  explicit Service(ServiceSettings settings);

  const ServiceSettings& settings() const noexcept { return settings_; }
  /// The active policy with "", else <name>.yaml of --policy-dir.
  /// A file that is changed, or gone, shows at once. \throws HttpError(404) unknown name,
  /// HttpError(400) no name, HttpError(503) no policy is served
  std::shared_ptr<ServedPolicy> policy(const std::string& name = "");
  /// A client's own policy text: admitted (see policy/admit_policy.h), kept by its hash, the least
  /// recently used forgotten.
  /// \throws HttpError(400) with the text's line and column, HttpError(422) for what it may not
  /// name
  std::shared_ptr<ServedPolicy> policy_of_text(const std::string& yaml);

  /// Policies of clients that are kept open at most.
  static constexpr std::size_t kOpenTexts = 8;

 private:
  using Policies = RecentlyUsed<std::shared_ptr<ServedPolicy>>;
  std::shared_ptr<ServedPolicy> of_file(const std::string& name, const OpenRequest& request);

  const ServiceSettings settings_;
  Policies open_;   ///< by name
  Policies texts_;  ///< of clients, by hash: they do not push out those of the server
};

}  // namespace topobathy
