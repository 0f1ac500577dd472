#include "utils/serve/analysis/quality_json.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "cache/json_text.h"
#include "providers/align/transformer.h"
#include "utils/serve/source_rows.h"

namespace topobathy {
namespace {

using nlohmann::json;

double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}

/// Pixels of the planes as longitude and latitude.
class Positions {
 public:
  Positions(const Lattice& lattice, const LatticeWindow& window)
      : lattice_(lattice), window_(window), to_lonlat_(lattice.crs(), "EPSG:4326") {}

  /// `col` and `row` count corners; a half is the middle of a pixel.
  json at(double col, double row) const {
    double x = (static_cast<double>(window_.col) + col) * lattice_.pixel_size();
    double y = -(static_cast<double>(window_.row) + row) * lattice_.pixel_size();
    to_lonlat_.transform(1, &x, &y);
    constexpr double kCentimetre = 1e7;
    return {rounded(x, kCentimetre), rounded(y, kCentimetre)};
  }

 private:
  const Lattice& lattice_;
  const LatticeWindow window_;
  const Transformer to_lonlat_;
};

/// Edges that continue each other as one line.
json lines_of(const Positions& positions, std::vector<BorderEdge> edges) {
  const auto along = [](const BorderEdge& e) { return e.upright ? e.row : e.col; };
  const auto across = [](const BorderEdge& e) { return e.upright ? e.col : e.row; };
  std::sort(edges.begin(), edges.end(), [&](const BorderEdge& a, const BorderEdge& b) {
    return std::make_tuple(a.upright, across(a), along(a)) <
           std::make_tuple(b.upright, across(b), along(b));
  });
  json lines = json::array();
  for (std::size_t i = 0; i < edges.size();) {
    std::size_t end = i + 1;
    while (end < edges.size() && edges[end].upright == edges[i].upright &&
           across(edges[end]) == across(edges[i]) && along(edges[end]) == along(edges[end - 1]) + 1)
      ++end;
    const auto from = static_cast<double>(along(edges[i]));
    const auto to = static_cast<double>(along(edges[end - 1]) + 1);
    const auto side = static_cast<double>(across(edges[i]) + 1);
    if (edges[i].upright)
      lines.push_back({positions.at(side, from), positions.at(side, to)});
    else
      lines.push_back({positions.at(from, side), positions.at(to, side)});
    i = end;
  }
  return lines;
}

json feature(const char* type, json coordinates, json properties) {
  return {{"type", "Feature"},
          {"geometry", {{"type", type}, {"coordinates", std::move(coordinates)}}},
          {"properties", std::move(properties)}};
}

json cliff_feature(const Positions& positions, const Cliff& cliff) {
  return feature(
      "Point",
      positions.at(static_cast<double>(cliff.col) + 0.5, static_cast<double>(cliff.row) + 0.5),
      {{"type", "cliff"},
       {"elevation", rounded(cliff.elevation, 1000)},
       {"slope", rounded(cliff.slope, 100)},
       {"step", rounded(cliff.step, 1000)},
       {"pixels", cliff.pixels}});
}

json side_json(SourceId id, const std::map<SourceId, SourceRecord>& sources) {
  const auto found = sources.find(id);
  if (found == sources.end()) return {{"id", id}};
  json row = source_rows({*found})[0];
  return {{"id", id},
          {"provider", row.value("provider", json())},
          {"survey_id", row.value("survey_id", json())},
          {"vertical_datum", row.value("vertical_datum", json())}};
}

json jump_feature(const Positions& positions, const Jump& jump,
                  const std::map<SourceId, SourceRecord>& sources) {
  return feature("MultiLineString", lines_of(positions, jump.edges),
                 {{"type", "vdatum_jump"},
                  {"jump", rounded(jump.jump, 1000)},
                  {"roughness", rounded(jump.roughness, 1000)},
                  {"length", rounded(jump.length, 10)},
                  {"lower_source", side_json(jump.lower, sources)},
                  {"upper_source", side_json(jump.upper, sources)}});
}

std::string note_of(const Quality& quality) {
  std::string note;
  const auto tell = [&](std::size_t count, const char* what) {
    if (count <= kMostFeatures) return;
    note += (note.empty() ? "" : "; ") + std::to_string(count) + " " + what + " were found, the " +
            std::to_string(kMostFeatures) + " largest are listed";
  };
  tell(quality.cliffs.size(), "cliffs");
  tell(quality.jumps.size(), "jumps");
  return note;
}

json stats_of(const Quality& quality) {
  std::size_t edges = 0;
  for (const Jump& jump : quality.jumps)
    edges += jump.edges.size();
  const auto missing = static_cast<double>(quality.pixels - quality.valid);
  const double share =
      quality.pixels == 0 ? 100.0 : 100.0 * missing / static_cast<double>(quality.pixels);
  return {{"max_slope_deg", rounded(quality.max_slope, 100)},
          {"missing_data_pct", rounded(share, 100)},
          {"vdatum_risk_score", edges},
          {"vdatum_jumps_count", quality.jumps.size()},
          {"steep_cliffs_count", quality.cliffs.size()},
          {"steep_pixels", quality.steep_pixels}};
}

}  // namespace

json quality_json(const Lattice& lattice, const LatticeWindow& window, const Quality& quality,
                  const std::map<SourceId, SourceRecord>& sources, const QualityRules& rules) {
  const Positions positions(lattice, window);
  json features = json::array();
  for (std::size_t i = 0; i < std::min(quality.jumps.size(), kMostFeatures); ++i)
    features.push_back(jump_feature(positions, quality.jumps[i], sources));
  for (std::size_t i = 0; i < std::min(quality.cliffs.size(), kMostFeatures); ++i)
    features.push_back(cliff_feature(positions, quality.cliffs[i]));
  json answer{{"stats", stats_of(quality)},
              {"features", {{"type", "FeatureCollection"}, {"features", std::move(features)}}},
              {"rules",
               {{"cliff_degrees", rules.cliff_degrees},
                {"cliff_metres", rules.cliff_metres},
                {"jump_metres", rules.jump_metres},
                {"jump_roughness", rules.jump_roughness}}}};
  if (const std::string note = note_of(quality); !note.empty()) answer["note"] = note;
  return answer;
}

}  // namespace topobathy
