#include "utils/serve/parameters/asked_area.h"

#include "fusion/policy/messages.h"
#include "providers/align/crs.h"
#include "utils/serve/http_error.h"
#include "utils/serve/policy/client_crs.h"

namespace topobathy {
namespace {

constexpr double kMostLongitude = 540.0;  ///< a box over the antimeridian is 170..190
constexpr double kFinestMetres = 0.1;
constexpr double kCoarsestMetres = 100'000.0;
constexpr int kFinestZoom = 23;  ///< of pixels; 2 cm at the equator
constexpr const char* kWebMercator = "EPSG:3857";

LonLatBox box_of_edges(const Parameters& parameters) {
  for (const std::string& name : kBoxNames)
    if (name != "bbox" && !parameters.has(name))
      parameters.refuse("\"" + name +
                        "\" is missing: give bbox=west,south,east,north, or each of west, south, "
                        "east, north, in degrees");
  return {*parameters.number("west", -kMostLongitude, kMostLongitude),
          *parameters.number("south", -90, 90),
          *parameters.number("east", -kMostLongitude, kMostLongitude),
          *parameters.number("north", -90, 90)};
}

LonLatBox box_of_list(const Parameters& parameters) {
  for (const std::string& name : kBoxNames)
    if (name != "bbox" && parameters.has(name))
      parameters.refuse("\"bbox\" and \"" + name + "\" exclude each other; keep one");
  const std::vector<double> n = parameters.numbers("bbox");
  if (n.size() != 4)
    parameters.refuse("\"bbox\" must be 4 numbers (west, south, east, north), not " +
                      std::to_string(n.size()));
  return {n[0], n[1], n[2], n[3]};
}

void check_asked_box(const Parameters& parameters, const LonLatBox& box) {
  if (box.south < -90 || box.north > 90 || box.west < -kMostLongitude || box.east > kMostLongitude)
    parameters.refuse(
        "the box lies outside -90 to 90 degrees of latitude or -540 to 540 of "
        "longitude");
  if (box.south >= box.north)
    parameters.refuse("south (" + shown(box.south) + ") must be below north (" + shown(box.north) +
                      ")");
  if (box.west >= box.east)
    parameters.refuse("west (" + shown(box.west) + ") must be below east (" + shown(box.east) +
                      "); across the antimeridian add 360 to east");
  if (box.east - box.west > 360)
    parameters.refuse("the box is wider than 360 degrees (west " + shown(box.west) + ", east " +
                      shown(box.east) + ")");
}

void ask_crs(const Parameters& parameters, OpenRequest& request) {
  const auto text = parameters.text("crs");
  if (!text) return;
  const std::string crs = client_crs(*text);
  if (crs.empty())
    parameters.refuse("\"crs\" must be a code such as EPSG:32618, or WKT without grid files, not " +
                      in_quotes(*text));
  try {
    (void)crs_traits(crs);
  } catch (const Error& error) {
    parameters.refuse("\"crs\": " + error.message());
  }
  request.crs = crs;
}

}  // namespace

const Parameters::Names kBoxNames{"bbox", "west", "south", "east", "north"};
const Parameters::Names kGridNames{"resolution", "zoom", "crs"};

Parameters::Names with_names(Parameters::Names names, const Parameters::Names& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

LonLatBox asked_box(const Parameters& parameters) {
  const LonLatBox box = parameters.has("bbox") ? box_of_list(parameters) : box_of_edges(parameters);
  check_asked_box(parameters, box);
  return box;
}

void asked_grid(const Parameters& parameters, OpenRequest& request) {
  ask_crs(parameters, request);
  const auto resolution = parameters.number("resolution", kFinestMetres, kCoarsestMetres);
  const auto zoom = parameters.integer("zoom", 0, kFinestZoom);
  if (resolution) {
    request.resolution = resolution;
    request.zoom.reset();
  }
  if (!zoom) return;
  if (parameters.has("crs") && request.crs != kWebMercator)
    parameters.refuse("\"zoom\" is of EPSG:3857; with another crs give a resolution in metres");
  request.crs = kWebMercator;
  request.zoom = zoom;
  request.resolution.reset();
}

double square_degrees(const LonLatBox& box) noexcept {
  return (box.east - box.west) * (box.north - box.south);
}

}  // namespace topobathy
