#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace topobathy {

/// What counts of a lidar point, in the units of its file.
struct LidarPoint {
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
  std::uint8_t classification = 0;
  bool withheld = false;  ///< its survey says that it is not to be used
};

/// Takes points as they are decoded, some thousands at a time; may throw to stop.
using PointSink = std::function<void(const LidarPoint* points, std::size_t count)>;

}  // namespace topobathy
