#pragma once

#include <string>

#include "utils/serve/settings.h"

namespace topobathy {

/// A client's policy text as this server takes it.
/// \throws HttpError(400) with line and column where it is no sound policy, HttpError(422) for what
/// it may not name
std::string admit_policy(const std::string& yaml, const ServiceSettings& settings);

}  // namespace topobathy
