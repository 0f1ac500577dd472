#include "cache/json_text.h"
#include "utils/json_values.h"
#include "utils/serve/freshness.h"
#include "utils/serve/pixel_sample.h"
#include "utils/serve/point_query.h"
#include "utils/serve/points/handlers.h"
#include "utils/source_row.h"

namespace topobathy {
namespace {

using nlohmann::json;

json contribution_row(const PixelContribution& part) {
  json row = source_row(part.source_id, part.source);
  row["step"] = json_from_bytes(part.step);
  row["rule"] = json_from_bytes(part.rule);
  row["weight"] = part.weight;
  row["elevation"] = float_json(part.elevation);
  row["uncertainty"] = float_json(part.uncertainty);
  row["distance"] = float_json(part.distance);
  return row;
}

/// Messages of failures stay here: they name paths.
json steps_json(const std::vector<StepOutcome>& outcomes) {
  json steps = json::array();
  for (const StepOutcome& outcome : outcomes)
    steps.push_back({{"step", json_from_bytes(outcome.step)}, {"status", to_text(outcome.status)}});
  return steps;
}

std::string first_failed(const std::vector<StepOutcome>& outcomes) {
  for (const StepOutcome& outcome : outcomes)
    if (outcome.status == StepOutcome::Status::kFailed) return outcome.step;
  return "";
}

/// The contributor that the pixel's id names; the background has no step.
json named_source(const PixelExplanation& pixel, const json& contributions) {
  for (std::size_t i = 0; i < pixel.contributions.size(); ++i)
    if (pixel.contributions[i].source_id == pixel.source_id) return contributions[i];
  if (pixel.source_id == kBackgroundSource)
    return source_row(kBackgroundSource, *background_record());
  return nullptr;
}

void add_explanation(const PixelExplanation& pixel, json& facts) {
  json contributions = json::array();
  for (const PixelContribution& part : pixel.contributions)
    contributions.push_back(contribution_row(part));
  const json source = named_source(pixel, contributions);
  facts["elevation"] = float_json(pixel.elevation);
  facts["uncertainty"] = float_json(pixel.uncertainty);
  facts["id"] = pixel.source_id == kNoSource ? json() : json(pixel.source_id);
  facts["name"] = source.is_null() ? json() : source["name"];
  facts["source"] = source;
  facts["contributions"] = std::move(contributions);
  facts["steps"] = steps_json(pixel.outcomes);
  const std::string failed = first_failed(pixel.outcomes);
  if (!failed.empty()) facts["incomplete"] = json_from_bytes(failed);
}

}  // namespace

const QuerySpecs& source_info_specs() {
  return elevation_specs();
}

ServiceAnswer serve_source_info(Service& service, const ServiceRequest& request) {
  const CheckedQuery query(request, source_info_specs());
  const LonLat position = asked_position(query);
  const auto raster = asked_raster(service, query);
  const FoundPixel at = find_pixels(*raster, 0, {position}).front();
  PixelExplanation pixel;
  pixel.elevation = pixel.uncertainty = kNoValue;
  if (at.inside) pixel = raster->explain(0, at.col, at.row);
  json facts = {{"lon", position.lon},
                {"lat", position.lat},
                {"unit", "meters"},
                {"policy", json_from_bytes(raster->policy().name)},
                {"datum", datum_json(raster->policy())},
                {"pixel", pixel_place(*raster, 0, at)}};
  add_explanation(pixel, facts);
  ServiceAnswer answer = json_answer(facts);
  add_freshness(answer, first_failed(pixel.outcomes));
  return answer;
}

}  // namespace topobathy
