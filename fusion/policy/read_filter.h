#pragma once

#include <string>

#include "fusion/policy/map_reader.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// The filter of a map (`filter:`) over `defaults`, key by key: a key that is written, even as
/// null, replaces the default's. Keys without meaning for `provider` are errors where written and
/// left out where inherited; an empty provider takes all. \throws Error(kPolicy)
Filter read_filter(const MapReader& owner, const Filter& defaults, const std::string& provider);

}  // namespace topobathy
