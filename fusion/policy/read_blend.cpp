#include "fusion/policy/read_blend.h"

#include "fusion/policy/messages.h"

namespace topobathy {
namespace {

/// blend_mode: linear, feather.
constexpr Operator kBlendModes[] = {Operator::kLinearBlend, Operator::kMetricFeather};

struct Spelling {
  const char* key = nullptr;
  Operator op = Operator::kOverwrite;
};

void agree(const MapReader& map, Spelling& said, const char* key, std::optional<Operator> op) {
  if (!op) return;
  if (said.key != nullptr && said.op != *op) {
    fail(map.place(key), Message::kBothSpellings, {said.key, key});
  }
  if (said.key == nullptr) said = {key, *op};
}

}  // namespace

std::optional<Operator> read_operator(const MapReader& map) {
  Spelling said;
  agree(map, said, "operator", map.choice_of<Operator>("operator"));
  agree(map, said, "operation", map.choice_of<Operator>("operation"));
  if (map.find("blend_mode") != nullptr) {
    agree(map, said, "blend_mode", kBlendModes[*map.choice("blend_mode")]);
  }
  return said.key == nullptr ? std::nullopt : std::optional(said.op);
}

Blend read_blend(const MapReader& map, const BlendDefaults& defaults) {
  const std::optional<double> distance = map.number("blend_distance");
  const std::optional<double> weight = map.number("weight");
  Blend blend;
  blend.op = read_operator(map).value_or(defaults.op.value_or(Operator::kOverwrite));
  const std::string& name = name_of(blend.op);
  if (blend.op == Operator::kMetricFeather) {
    const bool own = map.is_written("blend_distance");
    blend.distance = (own ? distance : defaults.distance).value_or(0.0);
  } else if (distance.value_or(0.0) > 0.0) {
    fail(map.place("blend_distance"), Message::kDistanceUnused, {name});
  }
  if (blend.op == Operator::kLinearBlend) {
    blend.weight = (map.is_written("weight") ? weight : defaults.weight).value_or(blend.weight);
  } else if (weight) {
    fail(map.place("weight"), Message::kWeightUnused, {name});
  }
  return blend;
}

}  // namespace topobathy
