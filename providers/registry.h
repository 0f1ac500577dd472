#pragma once

#include <memory>
#include <string>

#include "fusion/layer_source.h"
#include "fusion/policy/policy.h"
#include "providers/datum/height_target.h"
#include "providers/source_access.h"

namespace topobathy {

/// What a provider is made with.
struct ProviderSetup {
  const Step& step;
  const std::string& directory;  ///< of the policy
  std::shared_ptr<SourceIds> ids;
  const SourceAccess& access;
  HeightTarget heights;  ///< what the step's heights are brought to
};

/// The layer of one step, by the provider's canonical name. Opens nothing. \throws Error(kPolicy,
/// kUsage): the provider has no such product or kind of project
std::shared_ptr<LayerSource> make_layer(const ProviderSetup& setup);

}  // namespace topobathy
