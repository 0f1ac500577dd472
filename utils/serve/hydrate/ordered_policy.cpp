#include "utils/serve/hydrate/ordered_policy.h"

#include <filesystem>
#include <system_error>

#include "cache/atomic_file.h"
#include "fusion/policy/load.h"
#include "utils/serve/body/path_free.h"
#include "utils/serve/http_error.h"
#include "utils/serve/policy/policy_folder.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr char kOwnLabel[] = "policy_yaml";
constexpr int kBadPolicy = 400, kNoPolicyServed = 503;

/// Without a folder of policies a name means nothing: clients of the Python system send one.
std::string path_of_served(const std::string& name, const ServiceSettings& settings) {
  if (!name.empty()) PolicyFolder::require_name(name);
  if (!name.empty() && !settings.policy_dir.empty()) return PolicyFolder(settings).path_of(name);
  if (settings.policy.policy_path.empty())
    throw HttpError(kNoPolicyServed, "this server has no policy of its own: send policy_yaml");
  return settings.policy.policy_path;
}

std::string admitted_text(const std::string& yaml, const ServiceSettings& settings,
                          const HydrateTools& tools) {
  std::string text = tools.admit(yaml, settings);
  try {
    load_policy(text, kOwnLabel, "");
  } catch (const Error& error) {
    throw HttpError(kBadPolicy, error.what());
  }
  return text;
}

/// Only the server's own user may read it.
void write_private(const std::string& path, const std::string& text) {
  write_file_atomically(posix_file_system(), path, Bytes(text.begin(), text.end()));
  std::error_code failed;  // then others may read what a client has sent
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, failed);
}

}  // namespace

OrderedPolicy::OrderedPolicy(const HydrateOrder& order, const ServiceSettings& settings,
                             const HydrateTools& tools, const std::string& own_path) {
  if (!order.policy_yaml) {
    path_ = path_of_served(order.policy_name, settings);
    return;
  }
  write_private(own_path, admitted_text(*order.policy_yaml, settings, tools));
  path_ = own_path;
  is_own_ = is_temporary_ = true;
}

OrderedPolicy::~OrderedPolicy() {
  if (is_temporary_) posix_file_system().remove(path_);
}

std::string OrderedPolicy::told(const std::string& message) const {
  std::string text = message;
  const std::string label = is_own_ ? kOwnLabel : fs::path(path_).filename().string();
  for (std::size_t at = 0; (at = text.find(path_, at)) != std::string::npos; at += label.size())
    text.replace(at, path_.size(), label);
  return path_free(text);
}

}  // namespace topobathy
