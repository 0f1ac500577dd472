#include "utils/serve/http_error.h"
#include "utils/serve/parameters/parameters.h"
#include "utils/serve/policy/admit_policy.h"
#include "utils/serve/policy/curations.h"
#include "utils/serve/policy/policy_folder.h"
#include "utils/serve/policy/policy_handlers.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr std::size_t kMostCurations = 10'000;

int step_number(const Parameters& body, const std::string& key) {
  constexpr std::size_t kMostDigits = 6;
  if (key.empty() || key.size() > kMostDigits ||
      key.find_first_not_of("0123456789") != std::string::npos)
    body.refuse("\"curations\" maps numbers of steps (0, 1, ...) to lists of names; " +
                in_quotes(key) + " is no number");
  return std::stoi(key);
}

std::vector<std::string> names_of(const Parameters& body, const json& list) {
  std::vector<std::string> names;
  if (!list.is_array()) body.refuse("\"curations\" maps numbers of steps to lists of names");
  for (const json& name : list) {
    if (!name.is_string() || name.get_ref<const std::string&>().empty())
      body.refuse("the names in \"curations\" must be texts that are not empty");
    names.push_back(name.get<std::string>());
  }
  return names;
}

Curations curations_of(const Parameters& body) {
  const json& given = *body.find("curations");
  if (!given.is_object())
    body.refuse("\"curations\" must be an object of step numbers and lists of names");
  Curations curations;
  std::size_t count = 0;
  for (const auto& [key, list] : given.items()) {
    auto names = names_of(body, list);
    count += names.size();
    curations[step_number(body, key)] = std::move(names);
  }
  if (count > kMostCurations)
    body.refuse("\"curations\" hold " + std::to_string(count) + " names; at most " +
                std::to_string(kMostCurations) + " are taken: write a pattern");
  return curations;
}

std::string asked_text(const Parameters& body, const ServiceSettings& settings) {
  const auto text = body.text("policy_yaml");
  const auto base = body.text("base_yaml");
  if (text && (base || body.has("curations")))
    throw HttpError(400, "give policy_yaml, or base_yaml with curations, not both");
  if (text) return admit_policy(*text, settings);
  if (!base)
    throw HttpError(400, "nothing to write: give policy_yaml, or base_yaml with curations");
  const std::string admitted = admit_policy(*base, settings);
  if (!body.has("curations")) return admitted;
  return admit_policy(with_curations(admitted, curations_of(body)), settings);
}

}  // namespace

ServiceAnswer update_policy(Service& service, const ServiceRequest& request) {
  const Parameters body =
      Parameters::of_body(request, {"name", "policy_yaml", "base_yaml", "curations"});
  const auto name = body.text("name");
  if (!name) throw HttpError(400, "\"name\" is missing: the policy is kept as <name>.yaml");
  const PolicyFolder folder(service.settings());
  folder.write(*name, asked_text(body, service.settings()));
  return json_answer({{"status", "success"}, {"name", *name}});
}

}  // namespace topobathy
