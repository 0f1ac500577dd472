#pragma once

#include <functional>
#include <string>

#include "providers/archive/asset.h"

namespace topobathy {

/// Fills in what a provider knows of all its tiles: resolution, heights, record.
using DescribeTile = std::function<void(Asset&)>;

/// A tile known by its file's name: id and key are the name without extension and without the date
/// of an edition ("USGS_13_n41w074_20240101.tif" -> "USGS_13_n41w074", "file:USGS_13_n41w074"), so
/// that the same tile has the same key in each of its provider's products. `url` unsigned.
Asset named_tile(const std::string& url, const LonLatBox& box);

}  // namespace topobathy
