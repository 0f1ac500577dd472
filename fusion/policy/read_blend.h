#pragma once

#include <optional>

#include "fusion/policy/map_reader.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// What a blend takes where its map says nothing.
struct BlendDefaults {
  std::optional<Operator> op;
  std::optional<double> distance;
  std::optional<double> weight;
};

/// The operator under any of its spellings: operator, operation, blend_mode. \throws Error(kPolicy)
/// when they disagree
std::optional<Operator> read_operator(const MapReader& map);
/// \throws Error(kPolicy), also where a distance or weight has no effect
Blend read_blend(const MapReader& map, const BlendDefaults& defaults);

}  // namespace topobathy
