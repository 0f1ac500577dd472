#include "fusion/policy/blend_text.h"

#include <cstdio>

namespace topobathy {

std::string blend_text(const Blend& blend) {
  char text[64];
  switch (blend.op) {
    case Operator::kOverwrite:
      return "overwrite";
    case Operator::kMetricFeather:
      std::snprintf(text, sizeof text, "metric_feather %g m", blend.distance);
      return text;
    case Operator::kLinearBlend:
      std::snprintf(text, sizeof text, "linear_blend %g", blend.weight);
      return text;
  }
  return {};
}

}  // namespace topobathy
