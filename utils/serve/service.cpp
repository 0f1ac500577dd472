#include "utils/serve/service.h"

#include "utils/serve/http_error.h"
#include "utils/serve/policy/policy_folder.h"

namespace topobathy {

ServedPolicy::ServedPolicy(const OpenRequest& policy)
    : request_(policy), tiles_([&] {
        TileMaker::Setup setup;
        setup.policy = policy;
        return setup;
      }()) {}

std::shared_ptr<FusedRaster> ServedPolicy::raster(const OpenRequest& as) {
  return open_policy(as);
}

Service::Service(ServiceSettings settings) : settings_(std::move(settings)) {}

std::shared_ptr<ServedPolicy> Service::policy(const std::string& name) {
  OpenRequest request = settings_.policy;
  if (!name.empty()) request.policy_path = PolicyFolder(settings_).path_of(name);
  if (request.policy_path.empty())
    throw HttpError(503, "this server has no active policy; name one by policy=");
  const std::lock_guard<std::mutex> lock(mutex_);
  auto& open = open_[name];
  if (!open) open = std::make_shared<ServedPolicy>(request);
  return open;
}

}  // namespace topobathy
