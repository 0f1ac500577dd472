#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tiles/tile_test.h"
#include "utils/serve/http_error.h"
#include "utils/serve/point_routes.h"
#include "utils/serve/service.h"
#include "utils/serve/tile_routes.h"

namespace topobathy::testing_support {

/// A service over the small raster of TileTest, asked as its server asks it.
class ServiceTest : public TileTest {
 protected:
  static constexpr TileAddress kOutside{11, 1200, 694};  ///< of the policy's extent

  ServiceSettings settings(const std::string& active) {
    ServiceSettings settings;
    if (!active.empty()) settings.policy = request(active, CacheMode::kReadWrite);
    settings.policy.cache_dir = path("cache");
    return settings;
  }
  /// Takes the place of the one before.
  Service& serve(const ServiceSettings& settings) {
    service_ = std::make_unique<Service>(settings);
    routes_ = tile_routes(*service_);
    for (Route& route : point_routes(*service_))
      routes_.push_back(std::move(route));
    return *service_;
  }
  Service& serve(const std::string& active) { return serve(settings(active)); }

  using Query = std::map<std::string, std::string>;

  const Route& route(const std::string& pattern) const {
    for (const Route& route : routes_)
      if (route.pattern == pattern) return route;
    throw std::runtime_error("no route " + pattern);
  }
  ServiceAnswer get(const std::string& pattern, const Query& query,
                    const std::vector<std::string>& parts = {}) const {
    ServiceRequest request;
    request.path = pattern;
    request.parts = parts;
    request.query = query;
    request.headers = headers_;
    return route(pattern).handler(request);
  }
  nlohmann::json get_json(const std::string& pattern, const Query& query,
                          const std::vector<std::string>& parts = {}) const {
    const ServiceAnswer answer = get(pattern, query, parts);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, "application/json");
    return nlohmann::json::parse(std::get<std::string>(answer.body));
  }
  /// The message of the refusal.
  std::string refused(int status, const std::string& pattern, const Query& query,
                      const std::vector<std::string>& parts = {}) const {
    try {
      get(pattern, query, parts);
    } catch (const HttpError& error) {
      EXPECT_EQ(error.status(), status) << error.what();
      EXPECT_EQ(std::string(error.what()).find(directory().path()), std::string::npos)
          << error.what();
      return error.what();
    }
    ADD_FAILURE() << pattern << " was not refused";
    return "";
  }

  /// The fused pixels of a window; none beside the extent, as in GDAL.
  static LayerPlanes direct(FusedRaster& raster, const LatticeWindow& window) {
    LayerPlanes planes = read_all(raster, 0, window);
    for (std::int64_t r = 0; r < window.height; ++r)
      for (std::int64_t c = 0; c < window.width; ++c)
        if (!raster.extent().contains(window.col + c, window.row + r)) {
          planes.elevation.at(c, r) = planes.uncertainty.at(c, r) = kNoValue;
          planes.source.at(c, r) = kNoSource;
        }
    return planes;
  }
  static std::vector<std::string> parts_of(const TileAddress& at, const std::string& end = "") {
    return {std::to_string(at.z), std::to_string(at.x), std::to_string(at.y) + end};
  }
  static std::string header(const ServiceAnswer& answer, const std::string& name) {
    for (const auto& [field, value] : answer.headers)
      if (field == name) return value;
    return "";
  }
  static Bytes body_of(const ServiceAnswer& answer) {
    return *std::get<std::shared_ptr<const Bytes>>(answer.body);
  }

  std::map<std::string, std::string> headers_;
  std::unique_ptr<Service> service_;
  Routes routes_;
};

}  // namespace topobathy::testing_support
