#pragma once

#include <gtest/gtest.h>

#include <string>

#include "cache/made_cache.h"
#include "service/called_routes.h"
#include "utils/serve/cache_routes.h"

namespace topobathy::testing_support {

/// Routes of a cache whose files say nothing but their size and age.
class CacheRouteTest : public ::testing::Test {
 protected:
  static constexpr char kTile[] = "tiles/visual/hillshade/9/150/190_0a1b2c3d";

  CacheRouteTest() {
    settings_.policy.cache_dir = cache_.root();
    const std::string tile = kTile;
    for (const std::string& path :
         {tile + ".png", tile + "_meta.json", MadeCache::fused(1), MadeCache::fused(2),
          MadeCache::fused(3, "99999999"), MadeCache::provided(1),
          std::string("noaa_bluetopo/BlueTopo_Tile_Scheme.gpkg"), std::string("ncei_bag/raw/a.bag"),
          std::string("policies/Coast.0123abcd.yaml"), std::string("locks/a.lock"),
          std::string("fused_zarr/0123abcd/.tmp-999999999-2"), std::string("notes.txt")})
      cache_.age(cache_.add(path), 86400);
  }

  CalledRoutes routes() const { return CalledRoutes(cache_routes(settings_, bounds_)); }
  CalledRoutes::Answer purge(const nlohmann::json& order) const {
    const auto answer = routes().call("POST /api/v1/cache/purge", order);
    EXPECT_EQ(std::string::npos, answer.json.dump().find(cache_.root())) << answer.json;
    return answer;
  }

  MadeCache cache_;
  ServiceSettings settings_;
  AuditBounds bounds_;
};

}  // namespace topobathy::testing_support
