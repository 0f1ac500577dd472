#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// A place on a line.
struct LinePoint {
  LonLat position;        ///< longitude from -180 to 180
  double distance = 0.0;  ///< metres from the line's beginning
};

/// "lon,lat;lon,lat;..." in degrees. \throws HttpError(400): no such text, fewer than two vertices,
/// out of range; HttpError(422): more than `most`
std::vector<LonLat> parse_line(const std::string& text, std::size_t most);

/// Geodesics of the WGS 84 ellipsoid from vertex to vertex, the shortest way: across the
/// antimeridian and over poles too.
class ProfileLine {
 public:
  /// \throws HttpError(400): the line has no length
  explicit ProfileLine(const std::vector<LonLat>& vertices);

  double length() const noexcept { return vertices_.back().distance; }  ///< metres
  const std::vector<LinePoint>& vertices() const noexcept { return vertices_; }
  /// So many points, evenly spaced, the ends among them. \pre count >= 2
  std::vector<LinePoint> points(std::size_t count) const;

 private:
  std::vector<LinePoint> vertices_;
};

}  // namespace topobathy
