#include <algorithm>
#include <cstdio>

#include "cache/json_text.h"
#include "utils/serve/freshness.h"
#include "utils/serve/tiles/handlers.h"
#include "utils/serve/tiles/tile_query.h"
#include "utils/source_row.h"
#include "utils/tiles/colour_ramp.h"
#include "utils/tiles/contour_levels.h"

namespace topobathy {
namespace {

using nlohmann::json;

std::string ramp_colour(const RampColour& colour) {
  const auto part = [](float value) {
    return static_cast<unsigned>(std::clamp(value + 0.5F, 0.0F, 255.0F));
  };
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", part(colour.red), part(colour.green),
                part(colour.blue));
  return text;
}

bool has_colours(TileStyle style) {
  return style == TileStyle::kChart || style == TileStyle::kBlues || style == TileStyle::kClassic;
}

/// Straight lines between the stops; two stops of one elevation are a break.
json stops_of(TileStyle style, const CheckedQuery& query) {
  json stops = json::array();
  if (!has_colours(style)) return stops;
  const ColourRamp ramp = ramp_of(style, query.number("vmin"), query.number("vmax"));
  for (const ColourRamp::Stop& stop : ramp.stops())
    stops.push_back({{"metres", stop.metres}, {"colour", ramp_colour(stop.colour)}});
  return stops;
}

json contours_of(TileStyle style, const CheckedQuery& query) {
  json lines = json::array();
  const auto zoom = query.integer("zoom");
  if (style != TileStyle::kContours || !zoom) return lines;
  for (const ContourLevel& level : contour_levels(static_cast<int>(*zoom)))
    lines.push_back({{"metres", level.metres}, {"major", level.major}});
  return lines;
}

/// Topmost step first.
json items_of(FusedRaster& raster) {
  const auto sources = raster.sources();
  const std::vector<int> steps = raster.steps_of(sources);
  std::vector<json> items;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    json item = source_row(sources[i].first, sources[i].second);
    item["priority"] = steps[i];
    item["color"] = item["colour"];  // the Python system's spelling
    if (steps[i] >= 0)
      item["step"] =
          json_from_bytes(raster.policy().steps.at(static_cast<std::size_t>(steps[i])).name);
    items.push_back(std::move(item));
  }
  std::stable_sort(items.begin(), items.end(), [](const json& a, const json& b) {
    return a["priority"].get<int>() > b["priority"].get<int>();
  });
  return items;
}

}  // namespace

const QuerySpecs& legend_specs() {
  static const QuerySpecs specs = [] {
    QuerySpecs some;
    for (const QuerySpec& spec : tile_query_specs())
      for (const char* name : {"style", "vmin", "vmax", "policy"})
        if (spec.name == name) some.push_back(spec);
    some.push_back({"zoom",
                    QuerySpec::Kind::kInteger,
                    "pixel zoom of the lines of style=contours",
                    false,
                    0.0,
                    kDeepestZoom + 1.0,
                    {},
                    ""});
    return some;
  }();
  return specs;
}

ServiceAnswer serve_legend(Service& service, const ServiceRequest& request) {
  const CheckedQuery query(request, legend_specs());
  TileRequest looks;
  looks.style = tile_style(query.text("style").value_or("chart"));
  looks.vmin = query.number("vmin");
  looks.vmax = query.number("vmax");
  check(looks);
  const auto policy = service.policy(query.text("policy").value_or(""));
  const auto raster = policy->raster(policy->request());
  ServiceAnswer answer = json_answer({{"style", to_text(looks.style)},
                                      {"unit", "meters"},
                                      {"stops", stops_of(looks.style, query)},
                                      {"contours", contours_of(looks.style, query)},
                                      {"items", items_of(*raster)}});
  add_freshness(answer, "");
  return answer;
}

}  // namespace topobathy
