#include "utils/tiles/tile_facts.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "cache/json_text.h"
#include "cache/read_file.h"
#include "utils/source_row.h"
#include "utils/tiles/tile_cover.h"

namespace topobathy {
namespace {

using nlohmann::json;

/// Calls `see(elevation, column, row)` for each pixel with a value; places in the planes.
template <class See>
void for_each_value(const TilePixels& pixels, const See& see) {
  for (std::int64_t r = pixels.top(); r < pixels.top() + pixels.tile.height; ++r) {
    const float* heights = pixels.planes.elevation.row(r);
    for (std::int64_t c = pixels.left(); c < pixels.left() + pixels.tile.width; ++c)
      if (!std::isnan(heights[c])) see(heights[c], c, r);
  }
}

struct Counted {
  std::int64_t valid = 0;
  float lowest = 0.0F, highest = 0.0F;
  std::map<SourceId, std::int64_t> by_source;
};

Counted count(const TilePixels& pixels) {
  Counted counted;
  SourceId last = kNoSource;
  std::int64_t* of_last = nullptr;
  for_each_value(pixels, [&](float height, std::int64_t c, std::int64_t r) {
    counted.lowest = counted.valid == 0 ? height : std::min(counted.lowest, height);
    counted.highest = counted.valid == 0 ? height : std::max(counted.highest, height);
    ++counted.valid;
    const SourceId id = pixels.planes.source.at(c, r);
    if (of_last == nullptr || id != last) of_last = &counted.by_source[last = id];
    ++*of_last;
  });
  return counted;
}

struct Shown {
  SourceId id;
  SourceRecord record;
  std::int64_t pixels;
  int step;
};

std::vector<Shown> shown_sources(FusedRaster& raster, const TilePixels& pixels,
                                 const std::map<SourceId, std::int64_t>& counts) {
  std::vector<std::pair<SourceId, SourceRecord>> present;
  for (const auto& row : pixels.sources)
    if (counts.count(row.first) > 0) present.push_back(row);
  const std::vector<int> steps = raster.steps_of(present);
  std::vector<Shown> shown;
  for (std::size_t i = 0; i < present.size(); ++i)
    shown.push_back({present[i].first, present[i].second, counts.at(present[i].first), steps[i]});
  std::sort(shown.begin(), shown.end(), [](const Shown& a, const Shown& b) {
    if (a.step != b.step) return a.step > b.step;
    return a.pixels != b.pixels ? a.pixels > b.pixels : a.id < b.id;
  });
  return shown;
}

json source_rows(FusedRaster& raster, const TilePixels& pixels, const Counted& counted) {
  json rows = json::array();
  for (const Shown& source : shown_sources(raster, pixels, counted.by_source)) {
    json row = source_row(source.id, source.record);
    row["pixels"] = source.pixels;
    row["share"] = static_cast<double>(source.pixels) / static_cast<double>(counted.valid);
    const auto& steps = raster.policy().steps;
    if (source.step >= 0 && source.step < static_cast<int>(steps.size()))
      row["step"] = json_from_bytes(steps[static_cast<std::size_t>(source.step)].name);
    rows.push_back(std::move(row));
  }
  return rows;
}

json cell_rows(const std::vector<CellStamp>& cells) {
  json rows = json::array();
  for (const CellStamp& cell : cells) {
    const LatticeWindow& at = cell.fused;
    rows.push_back({{"window", {at.col, at.row, at.width, at.height}},
                    {"seen", cell.seen},
                    {"revisions", cell.digest}});
  }
  return rows;
}

json limit(const std::optional<double>& value) {
  return value ? json(*value) : json();
}

}  // namespace

json asked_facts(const TileRequest& request, const Policy& policy) {
  const LonLatBox box = tile_bounds(request.address);
  return {{"tile", {{"z", request.address.z}, {"x", request.address.x}, {"y", request.address.y}}},
          {"tile_size", request.tile_size},
          {"format", to_text(request.format)},
          {"style", request.is_picture() ? json(to_text(request.style)) : json()},
          {"vmin", limit(request.vmin)},
          {"vmax", limit(request.vmax)},
          {"bounds",
           {{"west", box.west}, {"south", box.south}, {"east", box.east}, {"north", box.north}}},
          {"policy",
           {{"name", json_from_bytes(policy.name)},
            {"version", json_from_bytes(policy.version)},
            {"hash", policy.hash}}}};
}

json tile_facts(FusedRaster& raster, const TileRequest& request, const TilePixels& pixels) {
  const Counted counted = count(pixels);
  json facts = asked_facts(request, raster.policy());
  facts.update({{"created_at", utc_now()},
                {"valid_pixels", counted.valid},
                {"sources", source_rows(raster, pixels, counted)},
                {"cells", cell_rows(pixels.cells)}});
  if (counted.valid > 0)
    facts["elevation"] = {{"lowest", counted.lowest}, {"highest", counted.highest}};
  if (!pixels.incomplete.empty()) facts["incomplete"] = pixels.incomplete;
  return facts;
}

std::int64_t valid_pixels(const TilePixels& pixels) {
  std::int64_t count = 0;
  for_each_value(pixels, [&](float, std::int64_t, std::int64_t) { ++count; });
  return count;
}

std::vector<CellStamp> stamps_of(const json& facts) {
  std::vector<CellStamp> cells;
  for (const json& row : facts.at("cells")) {
    const json& at = row.at("window");
    cells.push_back({{at.at(0).get<std::int64_t>(), at.at(1).get<std::int64_t>(),
                      at.at(2).get<std::int64_t>(), at.at(3).get<std::int64_t>()},
                     row.at("seen").get<std::string>(),
                     row.at("revisions").get<std::string>()});
  }
  return cells;
}

}  // namespace topobathy
