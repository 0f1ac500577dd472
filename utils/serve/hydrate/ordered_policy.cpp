#include "utils/serve/hydrate/ordered_policy.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "cache/atomic_file.h"
#include "fusion/policy/load.h"
#include "fusion/policy/nearest.h"
#include "utils/serve/body/path_free.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr char kOwnLabel[] = "policy_yaml";
constexpr int kBadPolicy = 400, kNoSuchPolicy = 404, kNoPolicyServed = 503;

bool is_policy_name(const std::string& name) {
  constexpr std::size_t kLongest = 100;
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return name.size() <= kLongest && name.find_first_not_of(kLetters) == std::string::npos;
}

std::vector<std::string> policy_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

[[noreturn]] void refuse_name(const std::string& name, const std::string& folder) {
  const std::string nearest = nearest_name(name, policy_names(folder));
  throw HttpError(kNoSuchPolicy, "this server has no policy '" + name + "'" +
                                     (nearest.empty() ? "" : ": did you mean '" + nearest + "'?"));
}

/// Without a folder of policies a name means nothing: clients of the Python system send one.
std::string path_of_served(const std::string& name, const ServiceSettings& settings) {
  if (!name.empty() && !is_policy_name(name))
    throw HttpError(kBadPolicy, "policy_name is to be letters, digits, '_' and '-'");
  if (name.empty() || settings.policy_dir.empty()) {
    if (settings.policy.policy_path.empty())
      throw HttpError(kNoPolicyServed, "this server has no policy of its own: send policy_yaml");
    return settings.policy.policy_path;
  }
  const std::string path = settings.policy_dir + "/" + name + ".yaml";
  std::error_code failed;
  if (!fs::is_regular_file(path, failed)) refuse_name(name, settings.policy_dir);
  return path;
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
