#pragma once

#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "laws/small_raster.h"
#include "providers/align/transformer.h"

namespace topobathy::testing_support {

/// A random policy over random small rasters around 70.75 W, 43.0 N, where four cells of a degree
/// lattice meet. The same seed makes the same.
class RandomPolicy {
 public:
  /// \param metres the lattice's resolution
  RandomPolicy(unsigned seed, std::string directory, double metres)
      : random_(seed), directory_(std::move(directory)), metres_(metres) {
    const int steps = 1 + pick(4);
    for (int step = 0; step < steps; ++step)
      add_step(step);
  }
  const std::string& steps() const { return steps_; }
  static constexpr double kLon = -70.75, kLat = 43.0;

  std::string root(const std::string& crs) {
    std::ostringstream text;
    text << "crs: " << crs << "\nresolution: " << metres_
         << "\nextent: [-70.77, 42.985, -70.73, 43.015]\n";
    return text.str();
  }

 private:
  int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  double real(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  /// 20 to 70 pixels of 0.3 to 5 times the lattice's, somewhere near the middle.
  SmallRaster raster() {
    static const char* const kCrs[] = {"EPSG:4326", "EPSG:4269", "EPSG:26919", "EPSG:3857"};
    SmallRaster raster;
    raster.crs = kCrs[pick(4)];
    const bool degrees = raster.crs == "EPSG:4326" || raster.crs == "EPSG:4269";
    raster.width = 20 + pick(50);
    raster.height = 20 + pick(50);
    raster.pixel = metres_ * real(0.3, 3.0) / (degrees ? 90000.0 : 1.0);
    double x = kLon, y = kLat;
    Transformer("EPSG:4326", raster.crs).transform(1, &x, &y);
    raster.left = x - raster.pixel * raster.width * real(0.2, 0.8);
    raster.top = y + raster.pixel * raster.height * real(0.2, 0.8);
    shape(raster);
    return raster;
  }

  void shape(SmallRaster& raster) {
    const int holes = pick(4);
    const double tilt = real(-0.3, 0.3), height = real(-30, 10);
    const auto salt = static_cast<std::uint32_t>(random_());
    raster.value = [=](int c, int r) {
      const std::uint32_t hash = (static_cast<std::uint32_t>(c) * 73856093U ^
                                  static_cast<std::uint32_t>(r) * 19349663U ^ salt) *
                                 2654435761U;
      if (holes == 1 && hash >> 28 == 0) return std::nan("");
      if (holes == 2 && (c / 6 + r / 5) % 4 == 0) return std::nan("");
      if (holes == 3 && c + r < 25) return std::nan("");
      const double spike = hash % 211 == 0 ? 80.0 : 0.0;
      return height + tilt * (c - r) + static_cast<double>(hash >> 16) / 65536.0 + spike;
    };
    raster.type = pick(2) ? GDT_Float32 : GDT_Int16;
    static constexpr double kNoData[] = {-9999, -32768, 32767};
    if (raster.type == GDT_Int16 || pick(2)) raster.nodata = kNoData[pick(3)];
    raster.surveys = raster.type == GDT_Float32 && pick(3) == 0;
    switch (pick(4)) {
      case 0:
        raster.overviews = {2, 4};
        break;
      case 1:
        raster.cog = true;
        break;
      case 2:
        raster.options = {"TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=32", "COMPRESS=DEFLATE"};
        break;
      default:
        break;
    }
  }

  std::string files(int step) {
    std::string list;
    const int count = 1 + pick(3);
    const SmallRaster whole = raster();
    const bool split = count == 2;  // tiles of one raster, side by side
    for (int k = 0; k < count; ++k) {
      const std::string name = "s" + std::to_string(step) + "_" + std::to_string(k) + ".tif";
      const int half = whole.width / 2;
      const SmallRaster one =
          split ? whole.cut(k * half, 0, k == 0 ? half : whole.width - half, whole.height)
                : raster();
      write_raster(directory_ + "/" + name, one);
      list += (k ? ", " : "") + name;
    }
    return "[" + list + "]";
  }

  std::string blend() {
    std::ostringstream text;
    switch (pick(3)) {
      case 0:
        text << "operator: overwrite";
        break;
      case 1:
        text << "operator: linear_blend, weight: " << real(0, 1);
        break;
      default:
        text << "operator: metric_feather, blend_distance: " << metres_ * real(1, 15);
    }
    return text.str();
  }

  void add_step(int step) {
    static const char* const kResampling[] = {"auto", "nearest", "bilinear", "cubic", "average"};
    std::ostringstream text;
    text << "  - {provider: raster, name: step" << step << ", path: " << files(step) << ", "
         << blend() << ", resampling: " << kResampling[pick(5)];
    if (pick(2)) {
      text << ", filter: {";
      if (pick(2)) text << "max_deviation: 20, ";
      if (pick(2)) text << "max_interpolation_gap_m: " << metres_ * real(1, 8) << ", ";
      if (pick(2)) text << "max_elevation: 5, ";
      text << "min_elevation: -40}";
    }
    if (pick(4) == 0) text << ", zone: [-70.757, 42.99, " << real(-70.752, -70.74) << ", 43.004]";
    if (pick(5) == 0) text << ", background: -77";
    if (pick(3) == 0) text << ", uncertainty: {constant: 0.5, depth_factor: 0.01}";
    if (step > 0 && pick(2))
      text << ", transitions: [{target: step" << pick(step) << ", " << blend() << "}]";
    text << "}\n";
    steps_ += text.str();
  }

  std::mt19937 random_;
  std::string directory_;
  double metres_;
  std::string steps_;
};

}  // namespace topobathy::testing_support
