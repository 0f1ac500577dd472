#pragma once

#include <optional>
#include <string>

#include "utils/serve/settings.h"

namespace topobathy {

/// The text of a policy for a client: nothing where it names what clients may not (files of this
/// machine, for one), or cannot be read.
std::optional<std::string> shown_policy_text(const OpenRequest& policy,
                                             const ServiceSettings& settings);

}  // namespace topobathy
