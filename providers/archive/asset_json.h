#pragma once

#include <string>

#include "providers/archive/asset.h"

namespace topobathy {

/// Bump when an asset's text changes its meaning: discovery caches of another version are made
/// anew.
constexpr int kAssetTextVersion = 1;

/// An asset as one line of JSON, and back. Members that say nothing are left out.
std::string asset_text(const Asset& asset);
/// \throws nlohmann::json::exception when the text is no such line
Asset asset_from_text(const std::string& text);

}  // namespace topobathy
