#pragma once

#include <nlohmann/json.hpp>

#include "utils/serve/settings.h"

namespace topobathy {

/// The settings in effect, for people and scripts; of the token only whether there is one.
nlohmann::ordered_json settings_json(const ServiceSettings& settings, const std::string& pages);

}  // namespace topobathy
