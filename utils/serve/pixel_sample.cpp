#include "utils/serve/pixel_sample.h"

#include <algorithm>
#include <cmath>

#include "cache/json_text.h"
#include "providers/align/transformer.h"
#include "utils/json_values.h"
#include "utils/source_row.h"

namespace topobathy {

std::string left_out_of(const FusedCell& cell) {
  for (const StepOutcome& outcome : cell.outcomes)
    if (outcome.status == StepOutcome::Status::kFailed) return outcome.step;
  return "";
}

std::optional<SourceRecord> source_in(const FusedCell& cell, SourceId id) {
  const auto found = std::find_if(cell.sources.begin(), cell.sources.end(),
                                  [id](const auto& row) { return row.first == id; });
  if (found == cell.sources.end()) return std::nullopt;
  return found->second;
}

PixelSample read_pixel(FusedRaster& raster, int level, const FoundPixel& at,
                       const std::function<bool()>& gone) {
  PixelSample sample;
  if (!at.inside) return sample;
  raster.read_parts(
      level, {at.col, at.row, 1, 1}, {},
      [&](const FusedCell& cell, const LatticeWindow& part) {
        const std::int64_t c = part.col - cell.window.col, r = part.row - cell.window.row;
        sample.elevation = cell.elevation.at(c, r);
        sample.uncertainty = cell.uncertainty.at(c, r);
        sample.id = cell.source.at(c, r);
        sample.source = source_in(cell, sample.id);
        sample.left_out = left_out_of(cell);
      },
      [&](double) { return !gone(); });
  return sample;
}

void add_sample(const PixelSample& sample, nlohmann::json& answer) {
  answer["elevation"] = float_json(sample.elevation);
  answer["uncertainty"] = float_json(sample.uncertainty);
  const bool known = sample.id != kNoSource && sample.source.has_value();
  answer["source_id"] = sample.id == kNoSource ? nlohmann::json() : nlohmann::json(sample.id);
  answer["source"] = known ? source_row(sample.id, *sample.source) : nlohmann::json();
  if (!sample.left_out.empty()) answer["incomplete"] = json_from_bytes(sample.left_out);
}

nlohmann::json pixel_place(const FusedRaster& raster, int level, const FoundPixel& at) {
  const Lattice lattice = raster.lattice().at_level(level);
  nlohmann::json place = {{"size", lattice.pixel_size()},
                          {"crs", raster.policy().crs},
                          {"level", level},
                          {"inside_extent", at.inside}};
  double x = lattice.centre_x(at.col), y = lattice.centre_y(at.row);
  if (at.placed) Transformer(lattice.crs(), "EPSG:4326").transform(1, &x, &y);
  const bool shown = at.placed && std::isfinite(x) && std::isfinite(y);
  place["lon"] = shown ? nlohmann::json(x) : nlohmann::json();
  place["lat"] = shown ? nlohmann::json(y) : nlohmann::json();
  return place;
}

}  // namespace topobathy
