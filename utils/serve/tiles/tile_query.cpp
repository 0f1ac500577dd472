#include "utils/serve/tiles/tile_query.h"

#include <utility>

#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

constexpr std::size_t kShownPart = 40;

std::int64_t address_part(const std::string& text, const char* what) {
  const auto number = whole_number(text);
  if (!number || *number < 0 || *number > (std::int64_t{1} << kDeepestZoom))
    throw HttpError(400, std::string("'") + text.substr(0, kShownPart) + "' is no " + what +
                             " of a tile: an address is /tiles/ZOOM/COLUMN/ROW, whole numbers");
  return *number;
}

/// "694.png" as ("694", "png").
std::pair<std::string, std::string> split_extension(const std::string& text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return {text, ""};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

std::string format_of_extension(const std::string& name) {
  for (const std::string& known : tile_format_names())
    if (name == known && name == extension(tile_format(known))) return name;
  throw HttpError(400, "'." + name.substr(0, kShownPart) +
                           "' is no kind of tile: .png, .webp, .npy, .npz and .tif are");
}

std::vector<std::string> format_choices() {
  std::vector<std::string> names = tile_format_names();
  names.emplace_back("tiff");
  return names;
}

std::vector<std::string> style_choices() {
  std::vector<std::string> names = tile_style_names();
  names.emplace_back("default");
  return names;
}

TileFormat asked_format(const std::string& extension_name, const CheckedQuery& query) {
  std::string named = query.text("format").value_or("");
  if (named == "tiff") named = "tif";
  if (extension_name.empty()) return named.empty() ? TileFormat::kPng : tile_format(named);
  const std::string stated = format_of_extension(extension_name);
  if (named.empty()) return tile_format(stated);
  const TileFormat format = tile_format(named);
  if (extension(format) != stated)
    throw HttpError(400, "the address ends in ." + stated + ", and format=" + named +
                             " is another kind of file: leave one of them out");
  return format;
}

}  // namespace

QuerySpecs tile_query_specs(QuerySpecs others) {
  using Kind = QuerySpec::Kind;
  QuerySpecs specs = {
      {"tile_size",
       Kind::kChoice,
       "pixels a side; 512 has the pixels of the next zoom",
       false,
       {},
       {},
       {"256", "512"},
       "256"},
      {"style", Kind::kChoice, "what a picture shows", false, {}, {}, style_choices(), "chart"},
      {"vmin", Kind::kNumber, "metres where the colours of the sea end", false, {}, {}, {}, ""},
      {"vmax", Kind::kNumber, "metres where the colours of the land end", false, {}, {}, {}, ""},
      {"format",
       Kind::kChoice,
       "kind of file, where the address has no extension",
       false,
       {},
       {},
       format_choices(),
       "png"},
      {"policy", Kind::kText, "name of a policy of the server", false, {}, {}, {}, ""},
      {"nocache",
       Kind::kBoolean,
       "changes nothing: no answer is older than its sources",
       false,
       {},
       {},
       {},
       ""},
      {"lidar_url", Kind::kText, "ignored: a policy names its sources", false, {}, {}, {}, ""},
      {"ept_url", Kind::kText, "ignored: a policy names its sources", false, {}, {}, {}, ""},
      {"use_seam_blending",
       Kind::kText,
       "ignored: a policy says how to blend",
       false,
       {},
       {},
       {},
       ""},
  };
  specs.insert(specs.end(), others.begin(), others.end());
  return specs;
}

TileAddress asked_address(const std::string& z, const std::string& x, const std::string& y) {
  TileAddress address;
  address.z = static_cast<int>(address_part(z, "zoom"));
  address.x = address_part(x, "column");
  address.y = address_part(y, "row");
  return address;
}

AskedTile asked_tile(const ServiceRequest& request, const CheckedQuery& query) {
  const auto [row, extension_name] = split_extension(request.parts.at(2));
  AskedTile asked;
  TileRequest& tile = asked.request;
  tile.address = asked_address(request.parts.at(0), request.parts.at(1), row);
  tile.format = asked_format(extension_name, query);
  if (request.parts.at(2).back() == '.') format_of_extension("");
  tile.tile_size = static_cast<int>(query.integer("tile_size").value_or(tile.tile_size));
  if (const auto style = query.text("style")) tile.style = tile_style(*style);
  tile.vmin = query.number("vmin");
  tile.vmax = query.number("vmax");
  check(tile);
  asked.policy = query.text("policy").value_or("");
  return asked;
}

}  // namespace topobathy
