#pragma once

#include <nlohmann/json.hpp>

#include "fusion/source_ids.h"

namespace topobathy {

/// A source as JSON: what it does not state is left out. Any bytes survive.
nlohmann::json record_json(const SourceRecord& record);
/// \throws nlohmann::json::exception when the object is no such record
SourceRecord record_from_json(const nlohmann::json& object);

}  // namespace topobathy
