#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "utils/serve/policy/kept_policies.h"
#include "utils/serve/settings.h"
#include "utils/tiles/tile_maker.h"

namespace topobathy {

/// A policy that is served. Thread-safe.
class ServedPolicy {
 public:
  explicit ServedPolicy(const OpenRequest& policy);

  /// Tiles in EPSG:3857, and the rasters that points are read from.
  TileMaker& tiles() noexcept { return tiles_; }
  const OpenRequest& request() const noexcept { return request_; }
  /// The policy in another CRS or resolution; kept for the next who asks for the same.
  std::shared_ptr<FusedRaster> raster(const OpenRequest& as);

 private:
  const OpenRequest request_;
  TileMaker tiles_;
};

/// What the routes of one worker process share. Thread-safe.
class Service {
 public:
  explicit Service(ServiceSettings settings);

  const ServiceSettings& settings() const noexcept { return settings_; }
  /// The active policy with "", else <name>.yaml of --policy-dir.
  /// \throws HttpError(404) unknown name, HttpError(400) no name, HttpError(503) no policy is
  /// served
  std::shared_ptr<ServedPolicy> policy(const std::string& name = "");
  /// A client's own policy text: admitted (see policy/admit_policy.h), then kept by its SHA-256.
  /// \throws HttpError(400) with the text's line and column, HttpError(422) for what it may not
  /// name
  std::shared_ptr<ServedPolicy> policy_of_text(const std::string& yaml);

 private:
  const ServiceSettings settings_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<ServedPolicy>> open_;
  KeptPolicies texts_;  ///< of policy_of_text()
};

}  // namespace topobathy
