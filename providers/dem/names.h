#pragma once

#include <string>

#include "fusion/policy/policy.h"

namespace topobathy {

/// A link from an archive's index, when it leads where the archive keeps its files: `base` (a URL
/// that ends in '/') followed by plain names. \throws Error(kUnreadable) that names `index`, the
/// URL of the index without its query
const std::string& require_link_below(const std::string& link, const std::string& base,
                                      const std::string& index);

/// ".../USGS_13_n41w074.tif" -> "USGS_13_n41w074".
std::string file_stem(const std::string& url);

/// Whether these are degrees: finite, south below north, west to east at most once round.
bool is_lonlat_box(const LonLatBox& box) noexcept;
/// The same box with its west in [-180, 180).
LonLatBox on_first_turn(LonLatBox box) noexcept;

}  // namespace topobathy
