#pragma once

#include <optional>
#include <string>

#include "fusion/policy/policy.h"
#include "fusion/policy/read_blend.h"
#include "fusion/policy/text_tree.h"

namespace topobathy {

/// What a step takes where it says nothing: the policy's `defaults`.
struct StepDefaults {
  BlendDefaults blend;
  Resampling resampling = Resampling::kAuto;
  Filter filter;
  std::optional<std::string> vertical_crs;
  bool assume_heights = false;
  std::optional<UncertaintyModel> uncertainty;
  OnError on_error = OnError::kFail;
};

/// \param map of defaults_section()  \param root_on_error  used where defaults says nothing \throws
/// Error(kPolicy)
StepDefaults read_step_defaults(const MapReader& map, OnError root_on_error);

/// One step as it stands alone: its name may still be empty and its transition targets are as
/// written (see step_names.h). \throws Error(kPolicy)
Step read_step(const TextNode& node, const StepDefaults& defaults);

/// EPSG codes in capitals, everything else as it is written.
std::string normal_crs(std::string crs);

}  // namespace topobathy
