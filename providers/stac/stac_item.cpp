#include "providers/stac/stac_item.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "fusion/error.h"
#include "providers/archive/links.h"
#include "providers/dem/names.h"
#include "providers/stac/json_answer.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxMembers = 200;        ///< real items have some twenty
constexpr std::size_t kMaxText = 1024;          ///< of a property or link
constexpr std::size_t kMaxProjjson = 64 << 10;  ///< real ones have 5 kB

[[noreturn]] void refuse_item(const std::string& why) {
  throw Error(ErrorCode::kUnreadable, why);
}

/// Of 4 numbers, or of 6 with heights in between.
LonLatBox parse_box(const Json& feature, const std::string& id) {
  const Json& numbers = array_of(feature, "bbox");
  const std::size_t count = numbers.size();
  const bool shaped = count == 4 || count == 6;
  if (!shaped || !std::all_of(numbers.begin(), numbers.end(),
                              [](const Json& number) { return number.is_number(); }))
    refuse_item("item '" + id + "' has no bbox of 4 or 6 numbers");
  const std::size_t half = count / 2;
  LonLatBox box{numbers[0].get<double>(), numbers[1].get<double>(), numbers[half].get<double>(),
                numbers[half + 1].get<double>()};
  if (box.east < box.west) box.east += 360.0;
  if (!is_lonlat_box(box))
    refuse_item("the bbox of item '" + id + "' is no longitudes and latitudes");
  return box;
}

std::string epsg_text(const Json& code) {
  if (code.is_number_integer()) return "EPSG:" + std::to_string(code.get<std::int64_t>());
  return "";
}

/// "EPSG:n" of a CRS in PROJJSON.
std::string epsg_of(const Json& crs) {
  const Json& id = object_of(crs, "id");
  if (text_of(id, "authority") != "EPSG") return "";
  const auto code = id.find("code");
  return code == id.end() ? "" : epsg_text(*code);
}

/// The vertical part of the compound CRSs that elevation models are published in.
std::string vertical_part(const std::string& crs) {
  static const std::array<std::array<const char*, 2>, 5> kParts{{{"EPSG:5498", "EPSG:5703"},
                                                                 {"EPSG:5500", "EPSG:5703"},
                                                                 {"EPSG:6349", "EPSG:5703"},
                                                                 {"EPSG:9518", "EPSG:3855"},
                                                                 {"EPSG:9707", "EPSG:5773"}}};
  for (const auto& [compound, vertical] : kParts)
    if (crs == compound) return vertical;
  return "";
}

void read_crs(const Json& properties, StacItem& item) {
  const Json& projjson = object_of(properties, "proj:projjson");
  const Json& components = array_of(projjson, "components");
  if (!projjson.empty()) {
    std::string text = projjson.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() <= kMaxProjjson) item.projjson = std::move(text);
    item.crs = epsg_of(components.empty() || !components[0].is_object() ? projjson : components[0]);
  }
  if (components.size() > 1 && components[1].is_object())
    item.vertical_crs = epsg_of(components[1]);
  const auto epsg = properties.find("proj:epsg");
  if (epsg != properties.end() && epsg->is_number_integer()) item.crs = epsg_text(*epsg);
  const std::string code = text_of(properties, "proj:code");
  if (item.crs.empty() && code.size() <= 32 && code.rfind("EPSG:", 0) == 0) item.crs = code;
  if (item.vertical_crs.empty()) item.vertical_crs = vertical_part(item.crs);
}

void read_properties(const Json& properties, StacItem& item) {
  for (const auto& [key, value] : properties.items()) {
    if (item.properties.size() == kMaxMembers) break;
    if (key.size() > kMaxText || !(value.is_string() || value.is_number())) continue;
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text.size() <= kMaxText) item.properties.emplace(key, std::move(text));
  }
}

void read_assets(const Json& assets, StacItem& item) {
  for (const auto& [key, value] : assets.items()) {
    if (item.assets.size() == kMaxMembers) break;
    if (key.size() > kMaxText || !value.is_object()) continue;
    const std::string href = text_of(value, "href");
    if (href.empty() || href.size() > 4 * kMaxText) continue;
    item.assets.emplace(key, href.substr(0, href.find('?')));
  }
}

}  // namespace

StacItem parse_stac_item(const Json& feature) {
  if (!feature.is_object()) refuse_item("a feature is no object");
  StacItem item;
  item.id = text_of(feature, "id");
  if (!is_plain_name(item.id)) refuse_item("an item has no id that can be a name");
  item.collection = text_of(feature, "collection");
  item.box = parse_box(feature, item.id);
  const Json& properties = object_of(feature, "properties");
  item.gsd = number_of(properties, "gsd", 0.0);
  if (item.gsd < 0.0) item.gsd = 0.0;
  item.datetime = text_of(properties, "datetime");
  item.start_datetime = text_of(properties, "start_datetime");
  item.end_datetime = text_of(properties, "end_datetime");
  read_crs(properties, item);
  read_properties(properties, item);
  read_assets(object_of(feature, "assets"), item);
  return item;
}

std::string data_href(const StacItem& item) {
  for (const char* const key : {"data", "elevation", "merged"}) {
    const auto found = item.assets.find(key);
    if (found != item.assets.end()) return found->second;
  }
  return "";
}

std::string iso_day(const std::string& time) {
  constexpr char kShape[] = "dddd-dd-dd";
  constexpr std::size_t kLength = sizeof kShape - 1;
  if (time.size() < kLength) return "";
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool digit = std::isdigit(static_cast<unsigned char>(time[i])) != 0;
    if (kShape[i] == 'd' ? !digit : time[i] != kShape[i]) return "";
  }
  const bool ends = time.size() == kLength || time[kLength] == 'T' || time[kLength] == ' ';
  return ends ? time.substr(0, kLength) : "";
}

int iso_year(const std::string& time) {
  const std::string day = iso_day(time);
  return day.empty() ? 0 : std::atoi(day.substr(0, 4).c_str());
}

}  // namespace topobathy
