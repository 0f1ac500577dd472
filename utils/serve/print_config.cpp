#include "utils/serve/print_config.h"

#include "utils/json_values.h"
#include "utils/serve/serve_limits.h"

namespace topobathy {

nlohmann::ordered_json settings_json(const ServiceSettings& settings, const std::string& pages) {
  nlohmann::ordered_json limits;
  for (const LimitSpec& spec : limit_specs())
    limits[spec.name] = limit_value(settings.limits, spec);
  return {{"format", kJsonFormat},
          {"host", settings.host},
          {"port", settings.port},
          {"workers", settings.workers},
          {"limit_max_requests", settings.limit_max_requests},
          {"debug", settings.debug},
          {"policy", text_json(settings.policy.policy_path)},
          {"policy_dir", text_json(settings.policy_dir)},
          {"cache_dir", settings.policy.cache_dir},
          {"offline", settings.policy.offline},
          {"endpoints", text_json(settings.policy.endpoints)},
          {"token", !settings.token.empty()},
          {"origins", settings.origins},
          {"client_providers", settings.client_providers},
          {"pages", text_json(pages)},
          {"limits", limits}};
}

}  // namespace topobathy
