#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "cache/json_text.h"
#include "fusion/error.h"
#include "providers/align/lonlat_hull.h"
#include "providers/align/transformer.h"
#include "providers/http/http_client.h"
#include "providers/noaa_topobathy/project_list.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 6;  ///< a GeometryCollection of MultiPolygons has 5

constexpr double kSlack = 0.01;  ///< degrees, 1 km: outlines are simplified, tiles may stand out

/// A member, or null: for texts that anybody may have written.
const Json& member(const Json& object, const char* name) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

std::string text_in(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : "";
}

/// Grows the box by every point of nested arrays of points.
void grow(const Json& coordinates, CrsBox& box, int depth) {
  if (!coordinates.is_array() || depth > kMaxDepth) return;
  const bool point =
      coordinates.size() >= 2 && coordinates[0].is_number() && coordinates[1].is_number();
  if (!point) {
    for (const Json& part : coordinates)
      grow(part, box, depth + 1);
    return;
  }
  const auto x = coordinates[0].get<double>(), y = coordinates[1].get<double>();
  box.left = std::min(box.left, x);
  box.right = std::max(box.right, x);
  box.bottom = std::min(box.bottom, y);
  box.top = std::max(box.top, y);
}

void add_box(const Json& coordinates, const Transformer& to_lonlat, std::vector<LonLatBox>& boxes) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  CrsBox box{kFar, kFar, -kFar, -kFar};
  grow(coordinates, box, 0);
  if (box.left > box.right) return;
  if (const auto image = to_lonlat.transform_box(box))
    boxes.push_back({image->left - kSlack, std::max(-90.0, image->bottom - kSlack),
                     image->right + kSlack, std::min(90.0, image->top + kSlack)});
}

/// Each polygon of several is a box of its own: they may lie on both sides of the antimeridian.
void add_boxes(const Json& geometry, const Transformer& to_lonlat, std::vector<LonLatBox>& boxes,
               int depth) {
  if (depth > kMaxDepth) return;
  const Json& coordinates = member(geometry, "coordinates");
  if (text_in(geometry, "type") == "MultiPolygon" && coordinates.is_array()) {
    for (const Json& polygon : coordinates)
      add_box(polygon, to_lonlat, boxes);
  } else {
    add_box(coordinates, to_lonlat, boxes);
  }
  const Json& parts = member(geometry, "geometries");
  if (parts.is_array())
    for (const Json& part : parts)
      add_boxes(part, to_lonlat, boxes, depth + 1);
}

/// Some editions of the list hold the links as a text of JSON.
Json links_of(const Json& properties) {
  const Json& stated = member(properties, "ExternalProviderLink");
  const Json provider = stated.is_string() ? parse_foreign_json(stated.get<std::string>()) : stated;
  return member(provider, "links");
}

int year_of(const Json& properties) {
  const Json& year = member(properties, "Year");
  if (!year.is_number_integer()) return 0;
  const auto number = year.get<std::int64_t>();
  return number > 0 && number < 10'000 ? static_cast<int>(number) : 0;
}

void add_feature(const Json& feature, const Transformer& to_lonlat,
                 std::vector<DemProject>& projects) {
  const Json& properties = member(feature, "properties");
  DemProject project;
  const Json links = links_of(properties);
  for (const Json& link : links) {
    project.folder = dem_folder(text_in(link, "link"));
    if (!project.folder.empty()) break;
  }
  if (project.folder.empty()) return;
  project.item = inport_item(text_in(properties, "Metalink"));
  project.year = year_of(properties);
  std::vector<LonLatBox> boxes;
  add_boxes(member(feature, "geometry"), to_lonlat, boxes, 0);
  project.box = lonlat_hull(boxes);
  projects.push_back(std::move(project));
}

Json parse(const std::string& text, const std::string& url) {
  Json document = parse_foreign_json(text);
  if (document.is_discarded() || !member(document, "features").is_array())
    throw Error(ErrorCode::kUnreadable, "the list of projects '" + without_secrets(url) +
                                            "' is no GeoJSON (it begins with '" +
                                            text.substr(0, 40) + "'); try again later");
  return document;
}

}  // namespace

std::vector<DemProject> read_dav_json(const std::string& text, const std::string& url) {
  const Json document = parse(text, url);
  const std::string crs = text_in(member(member(document, "crs"), "properties"), "name");
  // RFC 7946: without a CRS coordinates are WGS 84, longitude first.
  const Transformer to_lonlat(crs.empty() ? "OGC:CRS84" : crs, "EPSG:4326");
  std::vector<DemProject> projects;
  for (const Json& feature : member(document, "features"))
    add_feature(feature, to_lonlat, projects);
  return unique_projects(std::move(projects));
}

}  // namespace topobathy
