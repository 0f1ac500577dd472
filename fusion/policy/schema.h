#pragma once

#include <string>

namespace topobathy {

/// The JSON Schema (draft-07) of a policy, for editors: docs/policy.schema.json is this text.
std::string policy_schema_json();

}  // namespace topobathy
