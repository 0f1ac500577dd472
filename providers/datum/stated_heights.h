#pragma once

#include <optional>
#include <string>

namespace topobathy {

/// What a source's CRS says its heights count from, where that is another reference than
/// `assumed`: its name ("MLLW depth", or that of a three-dimensional CRS). Nothing where it is the
/// same datum, whichever way its axis runs, and where either says nothing of heights.
std::optional<std::string> differing_heights(const std::string& source_crs,
                                             const std::string& assumed);

}  // namespace topobathy
