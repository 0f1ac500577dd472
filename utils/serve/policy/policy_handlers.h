#pragma once

#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// {name, policy_yaml} or {name, base_yaml, curations}: checks the text and keeps it as
/// <name>.yaml.
ServiceAnswer update_policy(Service& service, const ServiceRequest& request);
/// {"policies": [{name, active}]}.
ServiceAnswer list_policies(Service& service, const ServiceRequest& request);
/// The text of the policy {name}.
ServiceAnswer policy_text(Service& service, const ServiceRequest& request);

}  // namespace topobathy
