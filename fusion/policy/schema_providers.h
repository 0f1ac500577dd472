#pragma once

#include <nlohmann/json_fwd.hpp>

namespace topobathy {

/// JSON Schema conditions on a step: the products that each provider has, and no filter key where
/// it has no meaning. An array for `allOf`.
nlohmann::ordered_json provider_rules();

}  // namespace topobathy
