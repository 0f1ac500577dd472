#include <algorithm>

#include "cache/json_text.h"
#include "utils/json_values.h"
#include "utils/serve/freshness.h"
#include "utils/serve/point_query.h"
#include "utils/serve/points/handlers.h"
#include "utils/serve/points/profile_line.h"
#include "utils/serve/points/sample_points.h"
#include "utils/source_row.h"

namespace topobathy {
namespace {

using nlohmann::json;

/// Cells that one profile may make the server fuse: a minute of work for two processors.
constexpr std::size_t kProfileCells = 400;
constexpr int kUsualPoints = 256;

json floats_json(const std::vector<float>& values) {
  json list = json::array();
  for (const float value : values)
    list.push_back(json(float_json(value)));
  return list;
}

json ids_json(const std::vector<SourceId>& ids) {
  json list = json::array();
  for (const SourceId id : ids)
    list.push_back(id == kNoSource ? json() : json(id));
  return list;
}

template <class Member>
json column_of(const std::vector<LinePoint>& points, const Member& member) {
  json list = json::array();
  for (const LinePoint& point : points)
    list.push_back(member(point));
  return list;
}

json profile_json(const ProfileLine& line, const std::vector<LinePoint>& points,
                  const PointSamples& samples) {
  const auto distance = [](const LinePoint& point) { return point.distance; };
  json rows = json::array();
  for (const auto& [id, record] : samples.sources)
    rows.push_back(source_row(id, record));
  return {{"length", line.length()},
          {"unit", "meters"},
          {"vertices", column_of(line.vertices(), distance)},
          {"lon", column_of(points, [](const LinePoint& p) { return p.position.lon; })},
          {"lat", column_of(points, [](const LinePoint& p) { return p.position.lat; })},
          {"distance", column_of(points, distance)},
          {"elevation", floats_json(samples.elevation)},
          {"uncertainty", floats_json(samples.uncertainty)},
          {"source_id", ids_json(samples.source)},
          {"sources", std::move(rows)}};
}

}  // namespace

QuerySpecs profile_specs(int most) {
  using Kind = QuerySpec::Kind;
  return joined({{{"line", Kind::kText, "LON,LAT;LON,LAT;... in degrees", true, {}, {}, {}, ""},
                  {"points",
                   Kind::kInteger,
                   "how many, evenly spaced along the line",
                   false,
                   2.0,
                   static_cast<double>(most),
                   {},
                   std::to_string(std::min(kUsualPoints, most))}},
                 point_grid_specs()});
}

ServiceAnswer serve_profile(Service& service, const ServiceRequest& request) {
  const int most = service.settings().limits.profile_points;
  const QuerySpecs specs = profile_specs(most);
  const CheckedQuery query(request, specs);
  const ProfileLine line(parse_line(*query.text("line"), static_cast<std::size_t>(most)));
  const auto points = line.points(
      static_cast<std::size_t>(query.integer("points").value_or(std::min(kUsualPoints, most))));
  const auto raster = asked_raster(service, query);
  std::vector<LonLat> positions;
  for (const LinePoint& point : points)
    positions.push_back(point.position);
  const PointSamples samples = sample_points(*raster, 0, positions, kProfileCells, request.gone);
  json facts = profile_json(line, points, samples);
  facts["datum"] = datum_json(raster->policy());
  facts["pixel"] = {{"size", raster->lattice().pixel_size()}, {"crs", raster->policy().crs}};
  if (!samples.left_out.empty()) facts["incomplete"] = json_from_bytes(samples.left_out);
  ServiceAnswer answer = json_answer(facts);
  add_freshness(answer, samples.left_out);
  return answer;
}

}  // namespace topobathy
