#pragma once

#include "fusion/policy/map_reader.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// [west, south, east, north], checked. \throws Error(kPolicy)
LonLatBox read_box(const TextNode& node, const Option& option);
/// A box, or a map of zone_section(). \throws Error(kPolicy)
Zone read_zone(const TextNode& node);

}  // namespace topobathy
