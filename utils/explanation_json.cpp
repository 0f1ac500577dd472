#include "utils/explanation_report.h"
#include "utils/json_values.h"
#include "utils/policy_json.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;

ordered_json pair_json(const char* first, std::int64_t a, const char* second, std::int64_t b) {
  ordered_json json;
  json[first] = a;
  json[second] = b;
  return json;
}

ordered_json contribution_json(const PixelContribution& part) {
  ordered_json json;
  json["step"] = part.step;
  json["provider"] = part.provider;
  json["weight"] = part.weight;
  json["elevation"] = float_json(part.elevation);
  json["uncertainty"] = float_json(part.uncertainty);
  json["distance"] = float_json(part.distance);
  json["rule"] = part.rule;
  json["source_id"] = part.source_id;
  json["survey_id"] = text_json(part.source.survey_id);
  json["institution"] = text_json(part.source.institution);
  json["date_start"] = text_json(part.source.date_start);
  json["date_end"] = text_json(part.source.date_end);
  json["license_name"] = text_json(part.source.license_name);
  json["license_url"] = text_json(part.source.license_url);
  json["vertical_datum"] = text_json(part.source.vertical_datum);
  return json;
}

ordered_json outcome_json(const StepOutcome& outcome) {
  ordered_json json;
  json["step"] = outcome.step;
  json["status"] = to_text(outcome.status);
  json["message"] = text_json(outcome.message);
  return json;
}

ordered_json place_json(const ExplanationReport& report) {
  const auto& [raster, level, asked, place, pixel] = report;
  const Lattice lattice = raster.lattice().at_level(level);
  const CellIndex cell = lattice.cell_of(place.col, place.row);
  ordered_json json;
  json["lon"] = pixel.lon;
  json["lat"] = pixel.lat;
  json["column"] = place.col - place.extent.col;
  json["row"] = place.row - place.extent.row;
  json["inside_extent"] = place.inside;
  json["level"] = level;
  json["pixel_size"] = lattice.pixel_size();
  json["crs"] = raster.policy().crs;
  json["lattice"] = pair_json("column", place.col, "row", place.row);
  json["cell"] = pair_json("column", cell.col, "row", cell.row);
  return json;
}

}  // namespace

void print_json(std::ostream& out, const ExplanationReport& report) {
  const PixelExplanation& pixel = report.pixel;
  ordered_json json;
  json["format"] = kJsonFormat;
  json["policy"] = policy_json(report.raster.policy());
  json["asked"]["lon"] = report.asked.lon;
  json["asked"]["lat"] = report.asked.lat;
  json["pixel"] = place_json(report);
  json["elevation"] = float_json(pixel.elevation);
  json["uncertainty"] = float_json(pixel.uncertainty);
  json["source_id"] = pixel.source_id == kNoSource ? ordered_json() : ordered_json(pixel.source_id);
  json["contributions"] = ordered_json::array();
  for (const PixelContribution& part : pixel.contributions)
    json["contributions"].push_back(contribution_json(part));
  json["steps"] = ordered_json::array();
  for (const StepOutcome& outcome : pixel.outcomes)
    json["steps"].push_back(outcome_json(outcome));
  out << json_text(json) << '\n';
}

}  // namespace topobathy
