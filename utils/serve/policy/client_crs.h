#pragma once

#include <string>

namespace topobathy {

/// A CRS as a client may name it, in the loader's spelling; "" for any other text. PROJ reads files
/// that a text names (grids of a PROJ string or of WKT's transformations, "+init=file:code"), so
/// only codes of its database pass, and WKT without any of these. Whether PROJ knows it is another
/// question.
std::string client_crs(const std::string& text);

/// The same for heights: short names ("MLLW") too.
std::string client_heights(const std::string& text);

}  // namespace topobathy
