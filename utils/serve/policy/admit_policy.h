#pragma once

#include <set>
#include <string>

#include "fusion/policy/policy.h"
#include "utils/serve/settings.h"

namespace topobathy {

/// What `client_providers` is unless the server's owner says otherwise: every provider that reads a
/// published archive; never "raster", which reads files of this machine.
std::set<std::string> default_client_providers();

/// Checks a policy text that a client sent, and gives it back. It is read by the loader of policy
/// files, and may say what those may, but name no provider beside settings.client_providers, no
/// place of this machine or of the network, and nothing that costs without measure.
/// \throws HttpError(400): it is no policy (with line and column), HttpError(422): what it names is
/// not allowed here
std::string admit_policy(const std::string& yaml, const ServiceSettings& settings);

/// The same of a policy that was read.
void require_allowed(const Policy& policy, const ServiceSettings& settings);

}  // namespace topobathy
