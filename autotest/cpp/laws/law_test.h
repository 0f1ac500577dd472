#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <string>

#include "cache/cell_service.h"
#include "cache/test_directory.h"
#include "fusion/fuse.h"
#include "fusion/policy/load.h"
#include "laws/small_raster.h"
#include "providers/open.h"
#include "providers/plan.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/open_file.h"

namespace topobathy::testing_support {

/// A folder of its own, and nothing remembered of the tests before.
class LawTest : public ::testing::Test {
 protected:
  LawTest() {
    GDALAllRegister();
    forget();
  }

  std::string path(const std::string& name) const { return directory_.path() + "/" + name; }

  /// Writes a policy: root lines, then the steps as lines of "  - {...}".
  std::string policy(const std::string& root, const std::string& steps,
                     const std::string& variable = "", const std::string& name = "p.yaml") const {
    std::ofstream(path(name)) << "name: test\n"
                              << root << "variables:\n- name: elevation\n"
                              << variable << "  steps:\n"
                              << steps;
    return path(name);
  }

  OpenRequest request(const std::string& policy_path, CacheMode cache = CacheMode::kOff,
                      int threads = 1) const {
    OpenRequest request;
    request.policy_path = policy_path;
    request.cache = cache;
    request.cache_dir = path("cache");
    request.threads = threads;
    return request;
  }
  std::shared_ptr<FusedRaster> open(const std::string& policy_path,
                                    CacheMode cache = CacheMode::kOff, int threads = 1) const {
    return open_policy(request(policy_path, cache, threads));
  }

  /// Cells, tiles and handles kept by the process.
  static void forget() {
    cell_memory().clear();
    drop_readers();
    drop_block_cache();
  }

  /// Fused cells below a cache root.
  std::size_t cells_in(const std::string& root = "cache") const {
    std::size_t count = 0;
    for (const std::string& file : directory_.files())
      count += file.find("/" + root + "/fused_zarr/") != std::string::npos ? 1 : 0;
    return count;
  }
  const TestDirectory& directory() const { return directory_; }

 private:
  TestDirectory directory_;
};

inline LayerPlanes read_all(FusedRaster& raster, int level, const LatticeWindow& window) {
  LayerPlanes planes;
  raster.read(level, window, {}, planes, nullptr);
  return planes;
}
inline LayerPlanes read_all(FusedRaster& raster) {
  return read_all(raster, 0, raster.extent());
}

/// The three planes fused in one go, past cells and caches.
inline LayerPlanes fused_at_once(const FusePlan& plan, const Lattice& lattice,
                                 const LatticeWindow& window) {
  FusedCell cell = fuse(plan, lattice, window, {}, nullptr);
  return {window, std::move(cell.elevation), std::move(cell.uncertainty), std::move(cell.source)};
}

/// NaN is one value here, whatever its bits.
inline bool same_bits(float a, float b) {
  return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0;
}

/// \returns "" when `part` holds what `whole` has there, else the first difference.
inline std::string difference(const LayerPlanes& part, const LayerPlanes& whole) {
  const LatticeWindow common = part.window.intersect(whole.window);
  for (std::int64_t r = common.row; r < common.bottom(); ++r) {
    for (std::int64_t c = common.col; c < common.right(); ++c) {
      const std::int64_t x = c - part.window.col, y = r - part.window.row;
      const std::int64_t u = c - whole.window.col, v = r - whole.window.row;
      const auto told = [&](const char* band, double a, double b) {
        return std::string(band) + " of column " + std::to_string(c) + ", row " +
               std::to_string(r) + ": " + std::to_string(a) + " for " + std::to_string(b);
      };
      if (!same_bits(part.elevation.at(x, y), whole.elevation.at(u, v)))
        return told("elevation", part.elevation.at(x, y), whole.elevation.at(u, v));
      if (!same_bits(part.uncertainty.at(x, y), whole.uncertainty.at(u, v)))
        return told("uncertainty", part.uncertainty.at(x, y), whole.uncertainty.at(u, v));
      if (part.source.at(x, y) != whole.source.at(u, v))
        return told("source", part.source.at(x, y), whole.source.at(u, v));
    }
  }
  return "";
}

inline std::size_t valid_pixels(const Plane<float>& plane) {
  std::size_t count = 0;
  for (std::size_t p = 0; p < plane.size(); ++p)
    count += std::isnan(plane.data()[p]) ? 0 : 1;
  return count;
}

}  // namespace topobathy::testing_support
