#include "utils/serve/http_error.h"
#include "utils/serve/parameters/parameters.h"
#include "utils/serve/policy/admit_policy.h"
#include "utils/serve/policy/policy_folder.h"
#include "utils/serve/policy/policy_handlers.h"

namespace topobathy {
namespace {

/// A policy that its owner wrote names files of this machine; nobody else is to know them.
void require_no_secrets(const std::string& name, const std::string& text,
                        const ServiceSettings& settings) {
  try {
    (void)admit_policy(text, settings);
  } catch (const HttpError&) {
    throw HttpError(403, "the policy " + in_quotes(name) +
                             " names what clients may not (files of the server, for one), so its "
                             "text is not handed out; it can be used by its name");
  }
}

}  // namespace

ServiceAnswer list_policies(Service& service, const ServiceRequest& request) {
  (void)Parameters::of_query(request, {});
  const PolicyFolder folder(service.settings());
  nlohmann::json rows = nlohmann::json::array();
  for (const std::string& name : folder.names())
    rows.push_back({{"name", name}, {"active", folder.is_active(name)}});
  return json_answer({{"policies", rows}});
}

ServiceAnswer policy_text(Service& service, const ServiceRequest& request) {
  (void)Parameters::of_query(request, {});
  const std::string& name = request.parts.at(0);
  std::string text = PolicyFolder(service.settings()).text_of(name);
  require_no_secrets(name, text, service.settings());
  ServiceAnswer answer;
  answer.type = "application/yaml; charset=utf-8";
  answer.body = std::move(text);
  return answer;
}

}  // namespace topobathy
