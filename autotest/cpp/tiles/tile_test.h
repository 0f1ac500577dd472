#pragma once

#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>

#include "laws/law_test.h"
#include "utils/tiles/tile_maker.h"

namespace topobathy::testing_support {

/// Tiles of a policy over one small raster at 10..10.1 E, 50..50.1 N with a hole in it.
class TileTest : public LawTest {
 protected:
  static constexpr TileAddress kMiddle{11, 1081, 694};  ///< has the hole and a shore

  TileTest() { write_hills("hills.tif", 0.0); }

  /// Each version is later than the one before, however coarse the file system's clock.
  void write_hills(const std::string& name, double lift) {
    SmallRaster raster;
    raster.left = 9.95, raster.top = 50.15, raster.pixel = 0.0005;
    raster.width = raster.height = 400;
    raster.surveys = true;
    raster.value = [lift](int c, int r) {
      if (c > 180 && c < 210 && r > 190 && r < 215) return std::nan("");
      return lift + 60.0 * std::sin(c * 0.045) * std::cos(r * 0.06) + 0.05 * r;
    };
    write_raster(path(name), raster);
    std::filesystem::last_write_time(path(name), std::filesystem::file_time_type::clock::now() +
                                                     std::chrono::seconds(2 * ++version_));
  }
  std::string tile_policy(const std::string& steps = "  - {provider: raster, path: hills.tif}\n") {
    return policy("crs: EPSG:4326\nresolution: 30\nextent: [9.96, 50.0, 10.14, 50.14]\n", steps);
  }
  TileMaker::Setup setup(const std::string& policy, CacheMode mode = CacheMode::kReadWrite) {
    TileMaker::Setup setup;
    setup.policy = request(policy, mode);
    setup.look_every = std::chrono::milliseconds(0);
    setup.warn = [this](const std::string& message) { warned_ += message; };
    return setup;
  }
  static TileRequest asked(const TileAddress& address = kMiddle, TileStyle style = {},
                           TileFormat format = TileFormat::kPng) {
    TileRequest request;
    request.address = address;
    request.style = style;
    request.format = format;
    return request;
  }
  std::shared_ptr<FusedRaster> open_zoom(const std::string& policy, int zoom) {
    OpenRequest opened = request(policy);
    opened.crs = "EPSG:3857";
    opened.zoom = zoom;
    return open_policy(opened);
  }

  int version_ = 0;
  std::string warned_;
};

constexpr TileStyle kAllStyles[] = {TileStyle::kChart,  TileStyle::kBlues,    TileStyle::kHillshade,
                                    TileStyle::kSource, TileStyle::kContours, TileStyle::kClassic};

}  // namespace topobathy::testing_support
