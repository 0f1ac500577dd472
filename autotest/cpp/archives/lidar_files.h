#pragma once

#include <cpl_conv.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "needed_data.h"
#include "providers/usgs_lidar/laszip_library.h"
#include "providers/usgs_lidar/point_cloud.h"

/// The real point clouds of the tests, and what is in them.
namespace topobathy::testing_support {

inline std::string lidar_file(const std::string& name) {
  return test::shared_data() + "/lidar/" + name;
}

/// Behaves as on a machine without LASzip.
class NoLaszip {
 public:
  NoLaszip() { CPLSetThreadLocalConfigOption("TOPOBATHY_LASZIP", "NO"); }
  ~NoLaszip() { CPLSetThreadLocalConfigOption("TOPOBATHY_LASZIP", nullptr); }
  NoLaszip(const NoLaszip&) = delete;
  NoLaszip& operator=(const NoLaszip&) = delete;
};

constexpr CrsBox kEverywhere = {-1e30, -1e30, 1e30, 1e30};

inline std::unique_ptr<PointCloud> copc(const std::string& name, const std::string& crs = "") {
  return open_las_cloud(open_local_bytes(lidar_file(name)), [crs] { return crs; });
}
inline std::unique_ptr<PointCloud> ept(const std::string& name) {
  return open_ept_cloud(local_ept_files(lidar_file("ept/" + name)));
}

inline std::vector<LidarPoint> points_of(PointCloud& cloud, double spacing = 0.0,
                                         const CrsBox& box = kEverywhere) {
  std::vector<LidarPoint> all;
  cloud.read(box, spacing, [&](const LidarPoint* points, std::size_t count) {
    all.insert(all.end(), points, points + count);
  });
  return all;
}

/// Points in an order of their own, places in quarters of a millimetre (the finest scale among the
/// files).
using PlainPoint = std::tuple<std::int64_t, std::int64_t, std::int64_t, int>;
inline std::vector<PlainPoint> sorted(const std::vector<LidarPoint>& points) {
  std::vector<PlainPoint> plain;
  plain.reserve(points.size());
  for (const LidarPoint& point : points)
    plain.emplace_back(std::llround(point.x * 4e3), std::llround(point.y * 4e3),
                       std::llround(point.z * 4e3), point.classification);
  std::sort(plain.begin(), plain.end());
  return plain;
}

}  // namespace topobathy::testing_support

/// Ends a test, or SetUp(), where LASzip or a real file is missing.
#define TOPOBATHY_NEED_LAZ(name)                                         \
  do {                                                                   \
    TOPOBATHY_NEED_FILE(::topobathy::testing_support::lidar_file(name)); \
    if (::topobathy::has_laszip()) break;                                \
    if (::topobathy::test::may_skip_missing())                           \
      GTEST_SKIP() << "LASzip is missing: run utils/install_laszip.sh";  \
    GTEST_FAIL() << "LASzip is missing: run utils/install_laszip.sh";    \
  } while (false)
