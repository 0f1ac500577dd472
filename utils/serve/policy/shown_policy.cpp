#include "utils/serve/policy/shown_policy.h"

#include "providers/policy_file.h"
#include "utils/serve/http_error.h"
#include "utils/serve/policy/admit_policy.h"

namespace topobathy {

std::optional<std::string> shown_policy_text(const OpenRequest& policy,
                                             const ServiceSettings& settings) {
  try {
    return admit_policy(policy.policy_path.empty()
                            ? policy.policy_text
                            : read_policy_text(policy.policy_path, policy.offline).text,
                        settings);
  } catch (const HttpError&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace topobathy
