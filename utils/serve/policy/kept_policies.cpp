#include "utils/serve/policy/kept_policies.h"

#include <algorithm>

namespace topobathy {

std::shared_ptr<ServedPolicy> KeptPolicies::touch(const std::string& hash) {
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& entry) { return entry.first == hash; });
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return found->second;
}

std::shared_ptr<ServedPolicy> KeptPolicies::find(const std::string& hash) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return touch(hash);
}

std::shared_ptr<ServedPolicy> KeptPolicies::keep(const std::string& hash,
                                                 std::shared_ptr<ServedPolicy> policy) {
  std::shared_ptr<ServedPolicy> forgotten;  // goes away without the lock
  const std::lock_guard<std::mutex> lock(mutex_);
  if (auto kept = touch(hash)) return kept;
  kept_.emplace_front(hash, std::move(policy));
  if (kept_.size() > kMost) {
    forgotten = std::move(kept_.back().second);
    kept_.pop_back();
  }
  return kept_.front().second;
}

}  // namespace topobathy
