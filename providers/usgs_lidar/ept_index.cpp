#include "providers/usgs_lidar/ept_index.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cache/json_text.h"
#include "fusion/error.h"
#include "providers/archive/links.h"
#include "providers/dem/names.h"
#include "providers/usgs_lidar/make_grid.h"
#include "providers/usgs_lidar/survey_facts.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostTiles = 100'000;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "'" + std::string(kEptIndex) + "': " + why);
}

/// An outer ring: the box around it, and its area.
struct Outline {
  LonLatBox box;
  double area = 0.0;  ///< square metres
};

Outline outline_of(const Json& ring) {
  if (ring.size() < 3) refuse("an outline has fewer than three points");
  Outline outline{{180.0, 90.0, -180.0, -90.0}, 0.0};
  double twice = 0.0;  // square degrees
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Json& a = ring[i];
    const Json& b = ring[(i + 1) % ring.size()];
    const double x = a.at(0).get<double>(), y = a.at(1).get<double>();
    LonLatBox& box = outline.box;
    box = {std::min(box.west, x), std::min(box.south, y), std::max(box.east, x),
           std::max(box.north, y)};
    twice += x * b.at(1).get<double>() - b.at(0).get<double>() * y;
  }
  if (!is_lonlat_box(outline.box)) refuse("an outline is no longitudes and latitudes");
  const double box_degrees =
      (outline.box.east - outline.box.west) * (outline.box.north - outline.box.south);
  if (box_degrees > 0.0)
    outline.area = square_metres(outline.box) * (0.5 * std::abs(twice) / box_degrees);
  return outline;
}

std::vector<Outline> outlines_of(const Json& geometry) {
  std::vector<Outline> outlines;
  const std::string type = geometry.at("type").get<std::string>();
  const Json& coordinates = geometry.at("coordinates");
  if (type == "Polygon") outlines.push_back(outline_of(coordinates.at(0)));
  if (type == "MultiPolygon")
    for (const Json& polygon : coordinates)
      outlines.push_back(outline_of(polygon.at(0)));
  return outlines;
}

void add_survey(const std::string& name, const Json& feature, std::vector<Asset>& parts) {
  const std::vector<Outline> outlines = outlines_of(feature.at("geometry"));
  double area = 0.0;
  for (const Outline& outline : outlines)
    area += outline.area;
  const double points = feature.at("properties").value("count", 0.0);
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    Asset part;
    part.id = name + "#" + std::to_string(i);
    part.url = kEptBase + name + "/ept.json";
    part.access = Asset::Access::kService;
    part.box = outlines[i].box;
    part.resolution = nominal_cell(0.0, mean_spacing(area, points));
    part.year = year_of_project(name);
    part.rank = part.year;
    describe_survey(part, name);
    part.record.link = "https://registry.opendata.aws/usgs-lidar/";
    part.revision = "index";  // each tile states the edition of its survey
    parts.push_back(std::move(part));
  }
}

/// The boxes' common part on the turn where they meet, nothing if there is none.
std::vector<LonLatBox> common(const LonLatBox& part, const LonLatBox& box) {
  std::vector<LonLatBox> found;
  const double east = box.east < box.west ? box.east + 360.0 : box.east;
  for (const double turn : {-360.0, 0.0, 360.0}) {
    const LonLatBox both{std::max(part.west, box.west + turn), std::max(part.south, box.south),
                         std::min(part.east, east + turn), std::min(part.north, box.north)};
    if (both.west <= both.east && both.south <= both.north) found.push_back(both);
  }
  return found;
}

class TileMaker {
 public:
  void add(const Asset& part, const LonLatBox& box) {
    const auto square = to_mercator_.transform_box(to_crs_box(box));
    if (!square) return;
    const auto last_row = index(square->top), last_column = index(square->right);
    for (std::int64_t row = index(square->bottom); row <= last_row; ++row)
      for (std::int64_t column = index(square->left); column <= last_column; ++column)
        add_tile(part, column, row);
  }
  std::vector<Asset> take() {
    std::vector<Asset> all;
    for (auto& [id, tile] : tiles_)
      all.push_back(std::move(tile));
    return all;
  }

 private:
  static std::int64_t index(double place) {
    return static_cast<std::int64_t>(std::floor(place / kEptTile));
  }

  void add_tile(const Asset& part, std::int64_t column, std::int64_t row) {
    const std::string id = part.project + "/" + std::to_string(column) + "_" + std::to_string(row);
    if (tiles_.count(id) > 0) return;
    if (tiles_.size() == kMostTiles)
      throw Error(ErrorCode::kUnsupported,
                  "provider 'usgs_lidar': the box needs more than 100000 tiles of EPT surveys: "
                  "give the step a smaller zone, or a project_id");
    // Meridians and parallels are straight in web Mercator: two corners are the box.
    const CrsBox square = ept_tile_box(id);
    double lon[2] = {square.left, square.right};
    double lat[2] = {square.bottom, square.top};
    from_mercator_.transform(2, lon, lat);
    Asset tile = part;
    tile.id = id;
    tile.box = {lon[0], lat[0], lon[1], lat[1]};
    tiles_.emplace(id, std::move(tile));
  }

  const Transformer to_mercator_{"EPSG:4326", kEptCrs};
  const Transformer from_mercator_{kEptCrs, "EPSG:4326"};
  std::map<std::string, Asset> tiles_;
};

}  // namespace

std::vector<Asset> parse_ept_index(const std::string& json, std::vector<std::string>& skipped) {
  std::vector<Asset> parts;
  try {
    const Json index = parse_foreign_json(json);
    if (!index.is_object())
      refuse(
          "is no list of outlines in GeoJSON (it is no JSON object, or is cut); try again later");
    for (const Json& feature : index.at("features")) {
      const std::string name = feature.at("properties").at("name").get<std::string>();
      if (is_plain_name(name))
        add_survey(name, feature, parts);
      else
        skipped.push_back(name.substr(0, 80));
    }
  } catch (const Json::exception& failure) {
    refuse(std::string("is no list of outlines in GeoJSON (") + failure.what() +
           "); try again later");
  }
  if (parts.empty()) refuse("lists no survey; the index is not believed");
  return parts;
}

std::vector<Asset> ept_tiles(const std::vector<Asset>& parts, const LonLatBox& box) {
  if (parts.empty()) return {};
  TileMaker maker;
  for (const Asset& part : parts)
    for (const LonLatBox& both : common(part.box, box))
      maker.add(part, both);
  return maker.take();
}

CrsBox ept_tile_box(const std::string& id) {
  long column = 0, row = 0;
  const std::size_t slash = id.rfind('/');
  if (slash == std::string::npos ||
      std::sscanf(id.c_str() + slash, "/%12ld_%12ld", &column, &row) != 2)
    throw Error(ErrorCode::kInternal, "'" + id + "' is no tile of an EPT survey");
  const double west = static_cast<double>(column) * kEptTile;
  const double south = static_cast<double>(row) * kEptTile;
  return {west, south, west + kEptTile, south + kEptTile};
}

}  // namespace topobathy
