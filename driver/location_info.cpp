#include "driver/location_info.h"

#include <cmath>
#include <cstring>
#include <memory>

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>

namespace topobathy {
namespace {

struct XmlDeleter {
  void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
};

void add(CPLXMLNode* node, const char* name, const std::string& value) {
  if (!value.empty()) CPLAddXMLAttributeAndValue(node, name, value.c_str());
}

/// Values are Float32 at their source: nine digits say them exactly. Not a number = not stated.
void add(CPLXMLNode* node, const char* name, double value) {
  if (!std::isnan(value)) CPLAddXMLAttributeAndValue(node, name, CPLSPrintf("%.9g", value));
}

void add_contributor(CPLXMLNode* parent, const PixelContribution& part) {
  CPLXMLNode* node = CPLCreateXMLNode(parent, CXT_Element, "Contributor");
  add(node, "step", part.step);
  add(node, "provider", part.provider);
  add(node, "source_id", std::to_string(part.source_id));
  add(node, "survey", part.source.survey_id);
  add(node, "institution", part.source.institution);
  add(node, "date_start", part.source.date_start);
  add(node, "date_end", part.source.date_end);
  add(node, "elevation", part.elevation);
  add(node, "uncertainty", part.uncertainty);
  add(node, "weight", part.weight);
  add(node, "distance", part.distance);
  add(node, "rule", part.rule);
  add(node, "license", part.source.license_name);
  add(node, "license_url", part.source.license_url);
  add(node, "vertical_datum", part.source.vertical_datum);
  add(node, "vertical_basis", part.source.vertical_basis);
  add(node, "vertical_shift", part.source.vertical_shift);
  if (part.source.vertical_accuracy >= 0)
    add(node, "vertical_accuracy", part.source.vertical_accuracy);
  if (part.source.resolution > 0) add(node, "resolution", part.source.resolution);
  add(node, "link", part.source.link);
  if (part.source.interpolated) add(node, "interpolated", "true");
}

void add_step(CPLXMLNode* parent, const StepOutcome& outcome) {
  CPLXMLNode* node = CPLCreateXMLNode(parent, CXT_Element, "Step");
  add(node, "name", outcome.step);
  add(node, "status", to_text(outcome.status));
  add(node, "message", outcome.message);
}

bool read_pair(const char* item, const char* prefix, double& first, double& second) {
  if (!STARTS_WITH_CI(item, prefix)) return false;
  const CPLStringList parts(CSLTokenizeString2(item + strlen(prefix), "_", 0));
  if (parts.size() != 2) return false;
  double* numbers[] = {&first, &second};
  for (int i = 0; i < 2; ++i) {
    char* end = nullptr;
    *numbers[i] = CPLStrtod(parts[i], &end);
    if (end == parts[i] || *end != '\0' || !std::isfinite(*numbers[i])) return false;
  }
  return true;
}

}  // namespace

std::optional<PixelPlace> location_of(const LevelView& view, const char* item) {
  double col = 0.0, row = 0.0, x = 0.0, y = 0.0;
  if (read_pair(item, "GeoPixel_", x, y)) {
    col = std::floor(view.column_of(x));
    row = std::floor(view.row_of(y));
  } else if (!read_pair(item, "Pixel_", col, row) || col != std::floor(col) ||
             row != std::floor(row)) {
    return std::nullopt;
  }
  if (col < 0 || row < 0 || col >= view.width() || row >= view.height()) return std::nullopt;
  return PixelPlace{static_cast<std::int64_t>(col), static_cast<std::int64_t>(row)};
}

std::string location_info_xml(const PixelExplanation& pixel) {
  const std::unique_ptr<CPLXMLNode, XmlDeleter> root(
      CPLCreateXMLNode(nullptr, CXT_Element, "LocationInfo"));
  CPLXMLNode* node = CPLCreateXMLNode(root.get(), CXT_Element, "Pixel");
  CPLAddXMLAttributeAndValue(node, "lon", CPLSPrintf("%.9f", pixel.lon));
  CPLAddXMLAttributeAndValue(node, "lat", CPLSPrintf("%.9f", pixel.lat));
  add(node, "elevation", pixel.elevation);
  add(node, "uncertainty", pixel.uncertainty);
  if (pixel.source_id != kNoSource) add(node, "source_id", std::to_string(pixel.source_id));
  for (const PixelContribution& part : pixel.contributions)
    add_contributor(root.get(), part);
  for (const StepOutcome& outcome : pixel.outcomes)
    add_step(root.get(), outcome);
  char* text = CPLSerializeXMLTree(root.get());
  std::string xml = text;
  CPLFree(text);
  return xml;
}

}  // namespace topobathy
