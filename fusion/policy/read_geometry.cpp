#include "fusion/policy/read_geometry.h"

#include <cmath>

#include "fusion/policy/messages.h"
#include "fusion/policy/scalar.h"

namespace topobathy {
namespace {

using Kind = TextNode::Kind;

constexpr double kMaxLon =
    540.0;  ///< one turn and a half: boxes may be written on either side of the antimeridian
constexpr double kMaxLat = 90.0;

double read_degrees(const TextNode& node, const char* name, double limit) {
  Option option;
  option.key = name;
  option.type = ValueType::kNumber;
  option.min = -limit;
  option.max = limit;
  return number_of(node, option);
}

double read_lon(const TextNode& node) {
  return read_degrees(node, "longitude", kMaxLon);
}
double read_lat(const TextNode& node) {
  return read_degrees(node, "latitude", kMaxLat);
}

void check_box(const LonLatBox& box, const Place& place) {
  if (box.south >= box.north) {
    fail(place, Message::kSouthAboveNorth, {shown(box.south), shown(box.north)});
  }
  if (box.west == box.east) fail(place, Message::kBoxEmpty, {shown(box.west)});
  const double width = box.east - box.west + (box.west > box.east ? 360.0 : 0.0);
  if (width <= 0.0 || width > 360.0) {
    fail(place, Message::kBoxTooWide, {shown(box.west), shown(box.east)});
  }
}

/// The numbers of a flat list, or of a list of pairs.
std::vector<const TextNode*> flat_coordinates(const TextNode& node) {
  std::vector<const TextNode*> all;
  for (const TextNode& item : node.items) {
    if (item.kind != Kind::kList) {
      all.push_back(&item);
      continue;
    }
    if (item.items.size() != 2) {
      fail(item.place(), Message::kExpected,
           {"coords", "a list of [lon, lat] pairs or of numbers",
            "a list with one of " + std::to_string(item.items.size())});
    }
    for (const TextNode& number : item.items)
      all.push_back(&number);
  }
  return all;
}

LonLatBox box_of(const std::vector<const TextNode*>& numbers, const TextNode& node,
                 const Option& option) {
  if (numbers.size() != 4) {
    fail(node.place(), Message::kExpected,
         {option.key, "four numbers [west, south, east, north], degrees",
          node.kind == Kind::kList ? std::to_string(numbers.size()) + " values" : described(node)});
  }
  const LonLatBox box{read_lon(*numbers[0]), read_lat(*numbers[1]), read_lon(*numbers[2]),
                      read_lat(*numbers[3])};
  check_box(box, node.place());
  return box;
}

bool same(const LonLat& a, const LonLat& b) {
  return a.lon == b.lon && a.lat == b.lat;
}

/// Without repeated neighbours and without the closing point.
std::vector<LonLat> open_ring(const std::vector<const TextNode*>& numbers) {
  std::vector<LonLat> ring;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    const LonLat point{read_lon(*numbers[i]), read_lat(*numbers[i + 1])};
    if (ring.empty() || !same(ring.back(), point)) ring.push_back(point);
  }
  if (ring.size() > 1 && same(ring.front(), ring.back())) ring.pop_back();
  return ring;
}

/// Shoelace formula, degrees squared, about the first point to keep digits.
double signed_area(const std::vector<LonLat>& ring) {
  double twice = 0.0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    const double ax = ring[i].lon - ring[0].lon, ay = ring[i].lat - ring[0].lat;
    const double bx = ring[i + 1].lon - ring[0].lon, by = ring[i + 1].lat - ring[0].lat;
    twice += ax * by - bx * ay;
  }
  return twice / 2;
}

std::vector<LonLat> polygon_of(const std::vector<const TextNode*>& numbers, const Place& place) {
  if (numbers.size() % 2 != 0) {
    fail(place, Message::kOddCoordinates, {std::to_string(numbers.size())});
  }
  std::vector<LonLat> ring = open_ring(numbers);
  if (ring.size() < 3) fail(place, Message::kPolygonTooFew, {std::to_string(ring.size())});
  if (signed_area(ring) == 0.0) fail(place, Message::kPolygonEmpty);
  return ring;
}

}  // namespace

LonLatBox read_box(const TextNode& node, const Option& option) {
  return box_of(flat_coordinates(node), node, option);
}

Zone read_zone(const TextNode& node) {
  const Section& section = zone_section();
  const Option& coords_option = *section.find("coords");
  if (node.kind == Kind::kList) return {read_box(node, coords_option), {}};
  const MapReader map(node, section);
  if (const TextNode* priority = map.find("priority"); priority && priority->text != "0") {
    fail(priority->place(), Message::kZonePriority);
  }
  const TextNode& coords = *map.find("coords");
  const auto numbers = flat_coordinates(coords);
  const bool is_polygon = map.choice("type").value_or(0) == 1;
  if (!is_polygon) return {box_of(numbers, coords, coords_option), {}};
  if (coords.kind != Kind::kList) {
    fail(coords.place(), Message::kExpected, {"coords", "a list", described(coords)});
  }
  return {std::nullopt, polygon_of(numbers, coords.place())};
}

}  // namespace topobathy
