#pragma once

#include <string>

#include "providers/archive/asset.h"

namespace topobathy::coastal {

/// Marks an asset that the archive's own index rules out (an older edition, a file that is not
/// there): it stays in the discovery cache for those who ask why it is not used. It has no address
/// then, and its revision says why.
inline void make_unusable(Asset& asset, const std::string& reason) {
  asset.url.clear();
  asset.revision = reason;
}

/// Why an asset is ruled out; "" = it is not.
inline std::string why_unusable(const Asset& asset) {
  return asset.url.empty() ? asset.revision : "";
}

/// Where nothing says where something lies: everywhere.
inline constexpr LonLatBox kWorld{-180.0, -90.0, 180.0, 90.0};

inline bool is_world(const LonLatBox& box) noexcept {
  return box.west <= kWorld.west && box.east >= kWorld.east && box.south <= kWorld.south &&
         box.north >= kWorld.north;
}

}  // namespace topobathy::coastal
