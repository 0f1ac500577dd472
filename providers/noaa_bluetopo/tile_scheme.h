#pragma once

#include <string>
#include <vector>

#include "providers/archive/asset.h"

namespace topobathy {

/// The tiles that a BlueTopo tile scheme (a GeoPackage; its first layer, whatever it is called)
/// says are delivered; those with null links are not. An asset is named by its tile.
/// \param published the URL of the scheme, for messages
/// \throws Error(kUnreadable): no scheme, columns missing, a tile without name or polygon, a link
/// that is neither http nor https
std::vector<Asset> read_tile_scheme(const std::string& path, const std::string& published);

}  // namespace topobathy
