#include <cpl_string.h>

#include <cpl_conv.h>

#include <algorithm>
#include <memory>

#include "cache/json_text.h"
#include "fusion/error.h"
#include "utils/serve/freshness.h"
#include "utils/serve/tiles/attribution.h"
#include "utils/serve/tiles/handlers.h"
#include "utils/serve/tiles/public_address.h"
#include "utils/serve/tiles/tile_query.h"
#include "utils/serve/tiles/zoom_range.h"

namespace topobathy {
namespace {

using nlohmann::json;

std::string in_url(const std::string& text) {
  const std::unique_ptr<char, void (*)(void*)> escaped(
      CPLEscapeString(text.c_str(), static_cast<int>(text.size()), CPLES_URL), VSIFree);
  return escaped.get();
}

/// The tiles' address with what was asked of the document: its form is that of tile_query_specs().
std::string tiles_template(const ServiceRequest& request, const CheckedQuery& query) {
  const TileFormat format = tile_format(query.text("format").value_or("png"));
  std::string url = public_address(request) + "/tiles/{z}/{x}/{y}." + extension(format);
  char separator = '?';
  for (const char* name : {"format", "style", "tile_size", "vmin", "vmax", "policy"}) {
    const auto value = query.text(name);
    if (!value || (std::string(name) == "format" && *value == extension(format))) continue;
    url += separator + std::string(name) + '=' + in_url(*value);
    separator = '&';
  }
  return url;
}

std::string description_of(const Policy& policy) {
  return printable(policy.description.empty() ? policy.name : policy.description);
}

}  // namespace

const QuerySpecs& tilejson_specs() {
  static const QuerySpecs specs = [] {
    QuerySpecs some;
    for (const QuerySpec& spec : tile_query_specs())
      if (spec.help.rfind("ignored", 0) != 0 && spec.name != "nocache") some.push_back(spec);
    for (QuerySpec& spec : some)
      if (spec.name == "format") spec.choices = tile_format_names();
    return some;
  }();
  return specs;
}

ServiceAnswer serve_tilejson(Service& service, const ServiceRequest& request) {
  const CheckedQuery query(request, tilejson_specs());
  TileRequest looks;
  looks.tile_size = static_cast<int>(query.integer("tile_size").value_or(looks.tile_size));
  looks.vmin = query.number("vmin");
  looks.vmax = query.number("vmax");
  check(looks);
  const auto policy = service.policy(query.text("policy").value_or(""));
  const auto raster = policy->raster(policy->request());
  const MapView view = map_view(*raster, looks.tile_size);
  ServiceAnswer answer = json_answer(
      {{"tilejson", "3.0.0"},
       {"name", json_from_bytes(raster->policy().name)},
       {"description", description_of(raster->policy())},
       {"attribution", attribution(raster->sources())},
       {"scheme", "xyz"},
       {"tiles", json::array({tiles_template(request, query)})},
       {"minzoom", view.min_zoom},
       {"maxzoom", view.max_zoom},
       {"bounds", {view.bounds.west, view.bounds.south, view.bounds.east, view.bounds.north}},
       {"center", {view.centre.lon, view.centre.lat, std::min(view.min_zoom + 1, view.max_zoom)}}});
  answer.headers.emplace_back("Vary", kAddressFields);
  add_freshness(answer, "");
  return answer;
}

}  // namespace topobathy
