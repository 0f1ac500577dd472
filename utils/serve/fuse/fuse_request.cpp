#include "utils/serve/fuse/fuse_request.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

#include <cpl_port.h>

#include "cache/json_text.h"
#include "fusion/policy/nearest.h"
#include "utils/serve/http_error.h"
#include "utils/serve/parameters/asked_area.h"
#include "utils/serve/parameters/asked_policy.h"

namespace topobathy {
namespace {

const Parameters::Names& fuse_names() {
  static const Parameters::Names kNames =
      with_names(with_names(kBoxNames, kGridNames), {"bands", "format", "policy"});
  return kNames;
}

AreaFormat asked_format(const Parameters& parameters, const std::string& otherwise) {
  static const std::map<std::string, AreaFormat> kFormats{
      {"geotiff", AreaFormat::kGeoTiff}, {"tiff", AreaFormat::kGeoTiff},
      {"tif", AreaFormat::kGeoTiff},     {"zarr", AreaFormat::kZarr},
      {"zip", AreaFormat::kZarr},        {"rat", AreaFormat::kTable}};
  std::string name = parameters.text("format").value_or(otherwise);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = kFormats.find(name);
  if (found == kFormats.end())
    parameters.refuse("unknown format " + in_quotes(name) +
                      "; known: geotiff (also tiff, tif), zarr (also zip), rat");
  return found->second;
}

/// The names in a list, or in a text "a,b".
std::vector<std::string> asked_names(const Parameters& parameters, const std::string& key) {
  const nlohmann::json& value = *parameters.find(key);
  std::vector<std::string> names;
  if (value.is_string()) {
    std::istringstream in(value.get<std::string>());
    for (std::string name; std::getline(in, name, ',');)
      names.push_back(name);
  }
  for (const auto& item : value.is_array() ? value : nlohmann::json::array()) {
    if (!item.is_string()) parameters.refuse("\"" + key + "\" must be a list of names");
    names.push_back(item.get<std::string>());
  }
  if (names.empty()) parameters.refuse("\"" + key + "\" must name at least one");
  return names;
}

BandKind band_of_name(const Parameters& parameters, const std::string& name) {
  std::vector<std::string> known;
  for (const BandKind kind : BandLayout().bands) {
    if (EQUAL(name.c_str(), band_name(kind))) return kind;
    known.emplace_back(band_name(kind));
  }
  const std::string near = nearest_name(name, known);
  parameters.refuse("unknown band " + in_quotes(name) +
                    (near.empty() ? "; known: " + listed(known) : "; did you mean " + near + "?"));
}

void ask_bands(const Parameters& parameters, FuseRequest& request) {
  if (!parameters.has("bands")) return;
  if (request.format == AreaFormat::kZarr)
    parameters.refuse("\"bands\" has no meaning for Zarr, which holds all; remove it");
  auto& bands = request.bands.bands;
  bands.clear();
  for (const std::string& name : asked_names(parameters, "bands")) {
    const BandKind kind = band_of_name(parameters, name);
    if (std::find(bands.begin(), bands.end(), kind) != bands.end())
      parameters.refuse("the band " + in_quotes(name) + " is asked for twice");
    bands.push_back(kind);
  }
}

FuseRequest fuse_request(const Parameters& parameters, OpenRequest open, const char* format) {
  FuseRequest request;
  request.open = std::move(open);
  request.open.bbox = asked_box(parameters);
  request.open.bbox_crs = "EPSG:4326";
  request.format = asked_format(parameters, format);
  asked_grid(parameters, request.open);
  ask_bands(parameters, request);
  return request;
}

}  // namespace

std::string FuseRequest::identity() const {
  const auto number = [](const auto& value) {
    return value ? nlohmann::json(*value) : nlohmann::json();
  };
  nlohmann::json names = nlohmann::json::array();
  for (const BandKind kind : bands.bands)
    names.push_back(band_name(kind));
  return canonical_text({json_from_bytes(open.policy_path), json_from_bytes(open.policy_text),
                         number(open.resolution), number(open.zoom), open.crs.value_or(""),
                         open.bbox->west, open.bbox->south, open.bbox->east, open.bbox->north,
                         names, static_cast<int>(format)});
}

FuseRequest fuse_request_of_query(Service& service, const ServiceRequest& request) {
  const Parameters query = Parameters::of_query(request, fuse_names());
  return fuse_request(query, asked_policy(query, service), "geotiff");
}

FuseRequest fuse_request_of_body(Service& service, const ServiceRequest& request) {
  const Parameters body =
      Parameters::of_body(request, with_names(fuse_names(), {"policy_yaml", "policy_name"}));
  return fuse_request(body, asked_policy(body, service), "zarr");
}

}  // namespace topobathy
