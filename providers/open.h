#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cache/cell_store.h"
#include "fusion/fused_raster.h"

namespace topobathy {

/// A policy and what overrides it. The same values mean the same pixels; heavy state is shared
/// process-wide between equal requests.
struct OpenRequest {
  std::string policy_path;  ///< a file (any VSI path), or empty with policy_text
  std::string
      policy_text;  ///< inline policy; relative paths then resolve against the working directory
  std::optional<std::string> crs;
  std::optional<double> resolution;  ///< metres
  std::optional<int> zoom;
  std::optional<LonLatBox> bbox;  ///< in bbox_crs
  std::string bbox_crs = "EPSG:4326";
  std::optional<OverviewRule> overview;
  std::optional<OnError> on_error;
  CacheMode cache = CacheMode::kReadWrite;
  std::string cache_dir;  ///< empty = default_cache_root()
  bool offline = false;
  std::string endpoints;  ///< of archives, a file or entries (providers/http/endpoints.h); empty =
                          ///< TOPOBATHY_ENDPOINTS, else their true hosts
  int threads = 0;        ///< 0 = one a processor
};

/// Opens a policy: parses and checks it, opens no source (unless neither policy nor request states
/// an extent: then raster steps read their files' headers once). \throws Error
std::shared_ptr<FusedRaster> open_policy(const OpenRequest& request);

}  // namespace topobathy
