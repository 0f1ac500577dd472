#pragma once

#include <string>

#include "fusion/policy/policy.h"

namespace topobathy {

/// What a policy says about pixels, as JSON with sorted keys, every default filled in and shortest
/// exact numbers. Name, version, descriptions, step names, comments and spellings leave no trace;
/// transition targets are the steps they mean.
std::string canonical_json(const Policy& policy);

/// Lowercase hexadecimal SHA-256 of canonical_json().
std::string policy_hash(const Policy& policy);

}  // namespace topobathy
