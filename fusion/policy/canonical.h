#pragma once

#include <string>

#include "fusion/policy/policy.h"

namespace topobathy {

/// What a policy says about pixels, as JSON with sorted keys, every default filled in and shortest
/// exact numbers. Name, version, descriptions, step names, comments and spellings leave no trace;
/// transition targets are the steps they mean.
std::string canonical_json(const Policy& policy);

/// What a step's own layer depends on, before it meets others, is despiked, filled or cut:
/// provider, product, filter of sources and of their pixels, resampling, heights. Alike; JSON.
std::string layer_json(const Step& step, const std::string& vertical_crs);

/// Lowercase hexadecimal SHA-256 of canonical_json().
std::string policy_hash(const Policy& policy);

}  // namespace topobathy
