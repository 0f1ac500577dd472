#include "utils/serve/serve_options.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "fusion/error.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/provider_table.h"
#include "utils/hydrate/area_arguments.h"
#include "utils/serve/policy/admit_policy.h"
#include "utils/serve/serve_limits.h"
#include "utils/serve/server/guard.h"
#include "utils/token_file.h"

namespace topobathy {
namespace {

constexpr int kMostWorkersAsked = 32;

/// All that a policy may name, but files of the server's disk.
std::string checked_provider(const std::string& name) {
  const auto canonical = canonical_provider(name);
  if (canonical && *canonical != kRasterProvider) return *canonical;
  if (canonical)
    throw Error(ErrorCode::kUsage,
                "--client-provider " + name +
                    ": it reads files of this machine, which clients may not name");
  const std::string nearest = nearest_name(name, provider_names_and_aliases());
  throw Error(ErrorCode::kUsage, "--client-provider " + name + ": no such provider" +
                                     (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

std::string checked_origin(const std::string& origin) {
  if (is_origin(origin)) return origin;
  throw Error(ErrorCode::kUsage,
              "--origin " + origin + ": give scheme and host, such as https://maps.example.org");
}

void require_folder(const std::string& option, const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    throw Error(ErrorCode::kUsage, option + ' ' + path + ": there is no such folder");
}

/// Set by the environment where the command line does not say it.
void set_limit_of_environment(ServiceLimits& limits, const char* variable,
                              const std::string& name) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return;
  try {
    set_limit(limits, name + '=' + value);
  } catch (const Error& error) {
    throw Error(ErrorCode::kUsage, std::string(variable) + ": " + error.message());
  }
}

}  // namespace

void ServeOptions::declare_place(CLI::App& arguments) {
  arguments.add_option("--host", given_.host, "Address to listen at; 0.0.0.0 is every network")
      ->envname("TOPOBATHY_HOST")
      ->type_name("HOST")
      ->capture_default_str();
  arguments.add_option("--port", given_.port, "0 is any that is free")
      ->envname("TOPOBATHY_PORT")
      ->type_name("PORT")
      ->check(CLI::Range(0, 65535).name(""))
      ->capture_default_str();
  arguments.add_option("--workers", given_.workers, "Processes that answer requests")
      ->envname("TOPOBATHY_WORKERS")
      ->type_name("N")
      ->check(CLI::Range(1, kMostWorkersAsked).name(""))
      ->capture_default_str();
  arguments
      .add_option("--limit-max-requests", given_.limit_max_requests,
                  "A worker is replaced after so many requests; 0 is never")
      ->envname("TOPOBATHY_LIMIT_MAX_REQUESTS")
      ->type_name("N")
      ->check(CLI::Range(0, 1'000'000'000).name(""))
      ->capture_default_str();
  arguments.add_option("--debug", given_.debug, "1 logs more")
      ->envname("TOPOBATHY_DEBUG")
      ->type_name("0|1")
      ->check(CLI::Range(0, 1).name(""))
      ->capture_default_str();
  arguments.add_flag("--print-config", print_config_,
                     "Print the settings in effect as JSON, without the token, and end");
}

void ServeOptions::declare_policies(CLI::App& arguments) {
  arguments.add_option("--policy", policy_, "Policy that is served")
      ->envname("TOPOBATHY_POLICY")
      ->type_name("FILE");
  arguments
      .add_option("--policy-dir", given_.policy_dir,
                  "Folder of the policies that clients may name, each NAME.yaml")
      ->envname("TOPOBATHY_POLICY_DIR")
      ->type_name("DIR");
  open_.declare(arguments, {"CACHE_DIR", "OFFLINE", "ENDPOINTS"});
}

void ServeOptions::declare_safety(CLI::App& arguments) {
  arguments
      .add_option("--token-file", token_file_,
                  "File whose first line is the token that changing anything needs")
      ->envname("TOPOBATHY_TOKEN_FILE")
      ->type_name("FILE");
  arguments
      .add_option("--origin", origins_,
                  "Site whose pages may change something, beside the server's own; repeatable")
      ->type_name("URL")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  arguments
      .add_option("--client-provider", providers_,
                  "Provider that a client's policy may name; repeatable; default: all but raster")
      ->type_name("NAME")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  arguments.add_option("--limit", limits_, "A limit of what requests may ask for; repeatable")
      ->type_name("NAME=N")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void ServeOptions::declare(CLI::App& arguments) {
  declare_place(arguments);
  declare_policies(arguments);
  declare_safety(arguments);
}

void ServeOptions::read_files(ServiceSettings& settings) const {
  if (!token_file_.empty()) settings.token = read_token_file(token_file_);
  if (!settings.policy_dir.empty()) {
    require_folder("--policy-dir", settings.policy_dir);
    settings.policy_dir = absolute_path(settings.policy_dir);
  }
}

ServiceSettings ServeOptions::settings() const {
  ServiceSettings settings = given_;
  settings.policy = open_.request(policy_.empty() ? "" : absolute_path(policy_));
  const std::string cache = settings.policy.cache_dir;
  settings.policy.cache_dir = absolute_path(cache.empty() ? default_cache_root() : cache);
  for (const std::string& origin : origins_)
    settings.origins.push_back(checked_origin(origin));
  if (providers_.empty()) settings.client_providers = default_client_providers();
  for (const std::string& name : providers_)
    settings.client_providers.insert(checked_provider(name));
  set_limit_of_environment(settings.limits, "TOPOBATHY_MAX_CONCURRENT_TILES", "heavy_at_once");
  set_limit_of_environment(settings.limits, "TOPOBATHY_TILE_TIMEOUT", "heavy_wait_seconds");
  for (const std::string& limit : limits_)
    set_limit(settings.limits, limit);
  read_files(settings);
  return settings;
}

}  // namespace topobathy
