#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "laws/law_test.h"
#include "utils/serve/http_error.h"
#include "utils/serve/policy/admit_policy.h"
#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy::testing_support {

/// A service over a policy of two small rasters at 10..10.1 E, 50..50.1 N: hills with a hole, and a
/// terrace 8 m higher on the eastern half.
class AreaTest : public LawTest {
 protected:
  AreaTest() {
    std::filesystem::create_directories(path("policies"));
    write_ground("hills.tif", 9.95, 400, 0.0);
    write_ground("terrace.tif", 10.05, 200, 8.0);
    settings_.policy =
        request(policy("crs: EPSG:4326\nresolution: 60\nextent: [9.96, 50.0, 10.14, 50.14]\n",
                       "  - {provider: raster, path: hills.tif}\n"
                       "  - {provider: raster, path: terrace.tif, name: terrace}\n"),
                CacheMode::kReadWrite);
    settings_.policy_dir = path("policies");
    settings_.client_providers = default_client_providers();
  }

  void write_ground(const std::string& name, double left, int width, double lift) {
    SmallRaster raster;
    raster.left = left, raster.top = 50.15, raster.pixel = 0.0005;
    raster.width = width, raster.height = 400;
    raster.value = [lift, left](int c, int r) {
      const double lon = left + c * 0.0005;
      if (lon > 10.02 && lon < 10.03 && r > 190 && r < 215) return std::nan("");
      return lift + 3.0 * std::sin(lon * 90) * std::cos(r * 0.06) - 20.0;
    };
    write_raster(path(name), raster);
  }

  Service& service() {
    if (!service_) service_ = std::make_unique<Service>(settings_);
    return *service_;
  }
  static ServiceRequest get(const std::map<std::string, std::string>& query) {
    ServiceRequest request;
    request.query = query;
    return request;
  }
  static ServiceRequest post(const nlohmann::json& body) {
    ServiceRequest request;
    request.method = HttpMethod::kPost;
    request.body = body.dump();
    return request;
  }
  static nlohmann::json json_of(const ServiceAnswer& answer) {
    return nlohmann::json::parse(std::get<std::string>(answer.body));
  }
  /// "422: message" of what is refused, else "".
  template <class Call>
  std::string refused(const Call& call) {
    try {
      call();
    } catch (const HttpError& error) {
      EXPECT_EQ(std::string(error.what()).find(directory().path()), std::string::npos)
          << "a path of the server: " << error.what();
      return std::to_string(error.status()) + ": " + error.what();
    } catch (const Error& error) {
      return std::string("Error: ") + error.what();
    }
    return "";
  }
  /// A policy without any source: a plain of -5 m.
  static std::string plain_policy(const std::string& root = "resolution: 60\n") {
    return "name: plain\n" + root +
           "variables:\n- name: elevation\n  background: -5\n  steps: []\n";
  }

  ServiceSettings settings_;

 private:
  std::unique_ptr<Service> service_;
};

}  // namespace topobathy::testing_support
