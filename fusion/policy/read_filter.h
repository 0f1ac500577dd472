#pragma once

#include <string>

#include "fusion/policy/map_reader.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// The filter of a map (`filter:`) over `defaults`, key by key: a key that is written, even as
/// null, replaces the default's. Keys without meaning for the step's provider or product are errors
/// where written and left out where inherited. \throws Error(kPolicy) \param step  whose filter it
/// is, with provider and product; null = of `defaults`, which take all
Filter read_filter(const MapReader& owner, const Filter& defaults, const Step* step);

}  // namespace topobathy
