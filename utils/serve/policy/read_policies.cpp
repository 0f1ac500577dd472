#include "utils/serve/http_error.h"
#include "utils/serve/parameters/parameters.h"
#include "utils/serve/policy/policy_folder.h"
#include "utils/serve/policy/policy_handlers.h"
#include "utils/serve/policy/shown_policy.h"

namespace topobathy {
namespace {

/// A policy that its owner wrote may name files of this machine; nobody else is to know them.
std::string shown_text(const PolicyFolder& folder, const std::string& name,
                       const ServiceSettings& settings) {
  OpenRequest policy;
  policy.policy_text = folder.text_of(name);
  if (auto text = shown_policy_text(policy, settings)) return *text;
  throw HttpError(403, "the policy " + in_quotes(name) +
                           " names what clients may not (files of the server, for one), so its "
                           "text is not handed out; it can be used by its name");
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
  ServiceAnswer answer;
  answer.type = "application/yaml; charset=utf-8";
  answer.body =
      shown_text(PolicyFolder(service.settings()), request.parts.at(0), service.settings());
  return answer;
}

}  // namespace topobathy
