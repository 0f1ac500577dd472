#pragma once

#include <cmath>
#include <cstring>
#include <string>

#include "cache/cell_key.h"
#include "fusion/fused_cell.h"

/// Cells to store in tests and measurements.
namespace topobathy::sample {

inline Lattice degrees(double resolution) {
  return Lattice::from_resolution("EPSG:4326", CrsTraits{}, resolution);
}

inline Lattice metres(double resolution) {
  CrsTraits traits;
  traits.kind = CrsTraits::Kind::kProjected;
  return Lattice::from_resolution("EPSG:32618", traits, resolution);
}

inline CellKey key(const Lattice& lattice, CellIndex cell = {-1470, -818}) {
  return {std::string(56, 'a') + "01234567", "/policies", lattice, cell};
}

inline SourceRecord record(const std::string& name) {
  SourceRecord result;
  result.provider = "raster";
  result.key = "file:" + name + ".tif";
  result.location = "/data/" + name + ".tif";
  result.survey_id = name;
  result.institution = "Office of Coast Survey";
  result.date_start = "2019-05-01";
  result.license_name = "CC0";
  return result;
}

/// Smooth terrain of three sources with a hole; `shift` makes another cell of the same shape.
inline FusedCell terrain(const CellKey& key, double shift = 0.0) {
  FusedCell cell;
  cell.window = key.lattice.cell_window(key.cell);
  const auto width = cell.window.width, height = cell.window.height;
  cell.elevation = Plane<float>(width, height, kNoValue);
  cell.uncertainty = Plane<float>(width, height, kNoValue);
  cell.source = Plane<SourceId>(width, height, kNoSource);
  const SourceId ids[] = {70000, 80000, 90000};
  for (std::int64_t r = 0; r < height; ++r)
    for (std::int64_t c = 0; c < width; ++c) {
      const double x = static_cast<double>(c) / static_cast<double>(width);
      const double y = static_cast<double>(r) / static_cast<double>(height);
      if (std::hypot(x - 0.8, y - 0.2) < 0.1) continue;
      const double z =
          20 * std::sin(7 * x + shift) * std::cos(5 * y) + 3 * std::sin(40 * x * y) - 15;
      cell.elevation.at(c, r) = static_cast<float>(z);
      const std::size_t source = x + y < 0.7 ? 0 : x < 0.5 ? 1 : 2;
      cell.source.at(c, r) = ids[source];
      if (source != 2)
        cell.uncertainty.at(c, r) = static_cast<float>(std::hypot(0.5, 0.013 * std::fmin(0, z)));
    }
  for (std::size_t i = 0; i < 3; ++i)
    cell.sources.emplace_back(ids[i], record("survey" + std::to_string(i)));
  cell.outcomes = {{"base", StepOutcome::Status::kOk, width * height / 2, ""},
                   {"surveys", StepOutcome::Status::kOk, width * height / 3, ""},
                   {"lidar", StepOutcome::Status::kNoData, 0, ""}};
  cell.revisions = {
      std::nullopt,
      {{{"/data/survey.tif", "4711-1700000000"}, {"https://example.org/base.tif", "\"etag\""}}},
      std::vector<SourceRevision>{}};
  return cell;
}

}  // namespace topobathy::sample
