#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fusion/source_ids.h"

namespace topobathy {

/// Who is to be named beside a map of these sources: institutions with their licences, each once,
/// as HTML in which what the sources state is escaped; licences link to their text.
std::string attribution(const std::vector<std::pair<SourceId, SourceRecord>>& sources);

/// Text as text of HTML, also in a quoted attribute.
std::string escaped_html(const std::string& text);

}  // namespace topobathy
