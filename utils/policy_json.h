#pragma once

#include <nlohmann/json.hpp>

#include "fusion/policy/policy.h"

namespace topobathy {

/// Which policy an answer is about: file, name, version and hash.
nlohmann::ordered_json policy_json(const Policy& policy);

}  // namespace topobathy
