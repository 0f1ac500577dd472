#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "fusion/fused_raster.h"
#include "utils/find_pixel.h"

namespace topobathy {

/// What one pixel holds.
struct PixelSample {
  float elevation = kNoValue;
  float uncertainty = kNoValue;
  SourceId id = kNoSource;
  std::optional<SourceRecord> source;
  std::string left_out;  ///< not empty: a step that on_error: skip has left out
};

/// The step that on_error: skip has left out of a cell, "" = none.
std::string left_out_of(const FusedCell& cell);
/// The row of a source in a cell.
std::optional<SourceRecord> source_in(const FusedCell& cell, SourceId id);

/// Reads it; nothing is in a pixel beside the extent. \throws Error; kCancelled when `gone` says so
PixelSample read_pixel(FusedRaster& raster, int level, const FoundPixel& at,
                       const std::function<bool()>& gone);

/// Members `elevation`, `uncertainty`, `source_id`, `source`, of which nothing is null, and
/// `incomplete` where a step was left out.
void add_sample(const PixelSample& sample, nlohmann::json& answer);

/// Member `pixel`: the middle of it, and its size in units of the raster's CRS.
nlohmann::json pixel_place(const FusedRaster& raster, int level, const FoundPixel& at);

}  // namespace topobathy
