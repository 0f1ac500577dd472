#pragma once

#include <functional>
#include <string>

#include "utils/serve/settings.h"

namespace topobathy {

/// What hydrations by the service need of the rest of the program.
struct HydrateTools {
  std::string program;  ///< that is started for a job: topobathy
  /// A client's policy text as it is taken; see admit_policy.h.
  std::function<std::string(const std::string& yaml, const ServiceSettings&)> admit;
};

}  // namespace topobathy
