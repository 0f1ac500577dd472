#pragma once

#include <map>
#include <nlohmann/json.hpp>

#include "fusion/source_ids.h"

namespace topobathy {

/// Sources as JSON for strangers: without the places they were read from, with their colours.
nlohmann::json source_rows(const std::map<SourceId, SourceRecord>& sources);

/// "#rrggbb" of a source, as in the attribute table and the tiles of style `source`.
std::string source_colour_text(SourceId id);

}  // namespace topobathy
