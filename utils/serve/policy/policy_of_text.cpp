#include "fusion/sha256.h"
#include "utils/serve/policy/admit_policy.h"
#include "utils/serve/service.h"

namespace topobathy {

std::shared_ptr<ServedPolicy> Service::policy_of_text(const std::string& yaml) {
  const std::string hash = sha256_hex(yaml);
  if (auto kept = texts_.find(hash)) return *kept;
  OpenRequest request = settings_.policy;
  request.policy_text = admit_policy(yaml, settings_);
  request.policy_path.clear();
  auto opened = std::make_shared<ServedPolicy>(request, request.policy_text);
  texts_.put(hash, opened);
  return opened;
}

}  // namespace topobathy
