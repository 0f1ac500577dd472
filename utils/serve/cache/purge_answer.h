#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "utils/serve/cache/purge_order.h"

namespace topobathy {

/// Does what is ordered. \returns what has gone, or would go, by tier and group, with at most a
/// thousand paths below the root. \throws Error(kCache)
nlohmann::json purge_as_ordered(const PurgeOrder& order, const std::string& root);

}  // namespace topobathy
