#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "utils/tiles/tile_pixels.h"

namespace topobathy {

/// What `_meta.json` says of a tile (docs/tiles.md): where it is, what it shows, and the sources of
/// its pixels, topmost step first, then by pixels.
nlohmann::json tile_facts(FusedRaster& raster, const TileRequest& request,
                          const TilePixels& pixels);

/// What these facts say before anything is drawn: what was asked of which policy, and where it is.
nlohmann::json asked_facts(const TileRequest& request, const Policy& policy);

/// Pixels of the tile that have a value.
std::int64_t valid_pixels(const TilePixels& pixels);

/// The cells that stand in a tile's facts. \throws nlohmann::json::exception
std::vector<CellStamp> stamps_of(const nlohmann::json& facts);

}  // namespace topobathy
