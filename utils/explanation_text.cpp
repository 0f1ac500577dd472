#include <cmath>
#include <cstdio>
#include <string>

#include "utils/explanation_report.h"
#include "utils/json_values.h"
#include "utils/text_table.h"

namespace topobathy {
namespace {

std::string fixed(double value, int decimals, const char* unit) {
  if (std::isnan(value)) return "none";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f%s", decimals, value, unit);
  return text;
}

std::string metres(double value) {
  return fixed(value, 3, " m");
}

std::string degrees(double lon, double lat) {
  return fixed(lon, 7, "") + " " + fixed(lat, 7, "");
}

void line(std::ostream& out, const char* indent, const std::string& label,
          const std::string& value) {
  if (value.empty()) return;
  out << indent << label << std::string(label.size() < 14 ? 14 - label.size() : 1, ' ') << value
      << '\n';
}

std::string source_text(SourceId id, const SourceRecord& record) {
  return std::to_string(id) + (record.survey_id.empty() ? "" : "  " + record.survey_id);
}

std::string dates_text(const SourceRecord& source) {
  if (source.date_start.empty() || source.date_end == source.date_start)
    return source.date_end.empty() ? source.date_start : source.date_end;
  return source.date_start + " to " + (source.date_end.empty() ? "?" : source.date_end);
}

std::string license_text(const SourceRecord& source) {
  const bool both = !source.license_name.empty() && !source.license_url.empty();
  return source.license_name + (both ? "  " : "") + source.license_url;
}

std::string contributor_text(const PixelExplanation& pixel) {
  for (const PixelContribution& part : pixel.contributions)
    if (part.source_id == pixel.source_id) return source_text(part.source_id, part.source);
  return pixel.source_id == kNoSource ? "none" : std::to_string(pixel.source_id);
}

void print_pixel(std::ostream& out, const ExplanationReport& report) {
  const auto& [raster, level, asked, place, pixel] = report;
  const Lattice lattice = raster.lattice().at_level(level);
  const CellIndex cell = lattice.cell_of(place.col, place.row);
  const Policy& policy = raster.policy();
  line(out, "", "policy", policy.name + " " + policy.version + "  (" + policy.file + ")");
  line(out, "", "asked", degrees(asked.lon, asked.lat));
  line(out, "", "pixel centre", degrees(pixel.lon, pixel.lat));
  line(out, "", "pixel",
       "column " + std::to_string(place.col - place.extent.col) + ", row " +
           std::to_string(place.row - place.extent.row) + " of " +
           std::to_string(place.extent.width) + " x " + std::to_string(place.extent.height) +
           ", level " + std::to_string(level));
  line(out, "", "lattice",
       "column " + std::to_string(place.col) + ", row " + std::to_string(place.row) +
           ", pixels of " + shown_number(lattice.pixel_size()) + " in " + one_line(policy.crs));
  line(out, "", "cell", "column " + std::to_string(cell.col) + ", row " + std::to_string(cell.row));
  if (!place.inside) out << "The position lies outside the extent of the policy.\n";
  line(out, "", "elevation", metres(pixel.elevation));
  line(out, "", "uncertainty", metres(pixel.uncertainty));
  line(out, "", "contributor", contributor_text(pixel));
}

void print_contribution(std::ostream& out, std::size_t number, const PixelContribution& part) {
  out << "  " << number << "  " << part.step << "\n";
  const char* indent = "     ";
  line(out, indent, "weight", fixed(part.weight, 6, ""));
  line(out, indent, "elevation", metres(part.elevation));
  line(out, indent, "uncertainty", metres(part.uncertainty));
  line(out, indent, "rule", part.rule);
  if (!std::isnan(part.distance)) line(out, indent, "to the edge", fixed(part.distance, 1, " m"));
  line(out, indent, "provider", part.provider);
  line(out, indent, "source", source_text(part.source_id, part.source));
  line(out, indent, "institution", part.source.institution);
  line(out, indent, "dates", dates_text(part.source));
  line(out, indent, "licence", license_text(part.source));
  line(out, indent, "datum", part.source.vertical_datum);
}

}  // namespace

void print_text(std::ostream& out, const ExplanationReport& report) {
  print_pixel(out, report);
  const PixelExplanation& pixel = report.pixel;
  out << (pixel.contributions.empty() ? "\nNothing contributes here.\n"
                                      : "\nContributions, top first\n");
  for (std::size_t k = 0; k < pixel.contributions.size(); ++k)
    print_contribution(out, k + 1, pixel.contributions[k]);
  out << "\nSteps, bottom-up\n";
  TextTable table({"step", "outcome", "message"});
  for (const StepOutcome& outcome : pixel.outcomes)
    table.add({outcome.step, to_text(outcome.status), one_line(outcome.message)});
  table.print(out, "  ");
}

}  // namespace topobathy
