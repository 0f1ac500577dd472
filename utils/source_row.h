#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "fusion/source_ids.h"

namespace topobathy {

/// A name to show: the survey's, else the file's, else the provider's. Never a path.
std::string source_name(const SourceRecord& record);

/// "#rrggbb" of source_colour().
std::string hex_colour(SourceId id);

/// What strangers may be told of a source: `id`, `name`, `colour`, and what it states of itself; no
/// path of this machine.
nlohmann::json source_row(SourceId id, const SourceRecord& record);

}  // namespace topobathy
