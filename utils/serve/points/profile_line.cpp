#include "utils/serve/points/profile_line.h"

#include <geodesic.h>

#include <algorithm>
#include <string_view>

#include "utils/serve/checked_query.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

constexpr double kSemiMajor = 6378137.0;
constexpr double kFlattening = 1.0 / 298.257223563;

const geod_geodesic& wgs84() {
  static const geod_geodesic earth = [] {
    geod_geodesic made;
    geod_init(&made, kSemiMajor, kFlattening);
    return made;
  }();
  return earth;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
  }
  return parts;
}

LonLat parse_vertex(const std::string& text, std::size_t number) {
  const std::vector<std::string> parts = split(text, ',');
  if (parts.size() == 2) {
    const auto lon = finite_number(parts[0]), lat = finite_number(parts[1]);
    if (lon && lat && *lon >= -540.0 && *lon <= 540.0 && *lat >= -90.0 && *lat <= 90.0)
      return {*lon, *lat};
  }
  throw HttpError(400, "line: vertex " + std::to_string(number) +
                           " is no LON,LAT in degrees (-540 to 540, -90 to 90); a line is "
                           "LON,LAT;LON,LAT;...");
}

LinePoint point_on(const geod_geodesicline& line, double along, double before) {
  LinePoint point;
  geod_position(&line, along, &point.position.lat, &point.position.lon, nullptr);
  point.distance = before + along;
  return point;
}

}  // namespace

std::vector<LonLat> parse_line(const std::string& text, std::size_t most) {
  const std::vector<std::string> parts = split(text, ';');
  if (parts.size() > most)
    throw HttpError(422, "line: " + std::to_string(parts.size()) +
                             " vertices; this server takes at most " + std::to_string(most));
  std::vector<LonLat> vertices;
  for (const std::string& part : parts)
    vertices.push_back(parse_vertex(part, vertices.size() + 1));
  if (vertices.size() < 2)
    throw HttpError(400, "line: give at least two vertices, LON,LAT;LON,LAT");
  return vertices;
}

ProfileLine::ProfileLine(const std::vector<LonLat>& vertices) {
  for (const LonLat& vertex : vertices) {
    double metres = 0.0;
    if (!vertices_.empty()) {
      const LonLat& from = vertices_.back().position;
      geod_inverse(&wgs84(), from.lat, from.lon, vertex.lat, vertex.lon, &metres, nullptr, nullptr);
      metres += vertices_.back().distance;
    }
    vertices_.push_back({vertex, metres});
  }
  if (!(length() > 0.0)) throw HttpError(400, "line: all its vertices are one place");
}

std::vector<LinePoint> ProfileLine::points(std::size_t count) const {
  std::vector<LinePoint> points;
  points.reserve(count);
  std::size_t leg = 1;
  geod_geodesicline line;
  for (std::size_t drawn = 0, i = 0; i < count; ++i) {
    const double distance = length() * static_cast<double>(i) / static_cast<double>(count - 1);
    while (leg + 1 < vertices_.size() && distance >= vertices_[leg].distance)
      ++leg;
    const LinePoint &from = vertices_[leg - 1], &to = vertices_[leg];
    if (drawn != leg)
      geod_inverseline(&line, &wgs84(), from.position.lat, from.position.lon, to.position.lat,
                       to.position.lon, 0);
    drawn = leg;
    const double along = std::min(distance - from.distance, to.distance - from.distance);
    points.push_back(point_on(line, along, from.distance));
  }
  // The ends are what was asked, bit by bit.
  points.front().position = vertices_.front().position;
  points.back().position = vertices_.back().position;
  return points;
}

}  // namespace topobathy
