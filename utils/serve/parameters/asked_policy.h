#pragma once

#include "utils/serve/parameters/parameters.h"
#include "utils/serve/service.h"

namespace topobathy {

/// `policy` (a name) or `policy_yaml` (a text), else the active policy. \throws HttpError
OpenRequest asked_policy(const Parameters& parameters, Service& service);

/// Opens it for a client: a wrong request is refused, and a policy that cannot be opened is told
/// without the path of its file. Requests whose pixels are too fine for the policy's blends are
/// refused. \throws HttpError(400, 422, 500)
std::shared_ptr<FusedRaster> open_asked(const OpenRequest& request);

}  // namespace topobathy
