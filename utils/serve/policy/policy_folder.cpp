#include "utils/serve/policy/policy_folder.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cache/atomic_file.h"
#include "cache/read_file.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/text_tree.h"
#include "utils/serve/http_error.h"
#include "utils/serve/parameters/in_quotes.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kMostListed = 10'000;
constexpr const char* kNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

[[noreturn]] void fail_without_folder() {
  throw HttpError(404,
                  "this server has no folder of policies (it was started without --policy-dir)");
}

}  // namespace

bool PolicyFolder::is_name(const std::string& name) noexcept {
  return !name.empty() && name.size() <= kLongestName &&
         name.find_first_not_of(kNameLetters) == std::string::npos;
}

std::vector<std::string> PolicyFolder::names() const {
  std::vector<std::string> names;
  if (settings_.policy_dir.empty()) return names;
  std::error_code failed;
  for (fs::directory_iterator entry(settings_.policy_dir, failed), end;
       !failed && entry != end && names.size() < kMostListed; entry.increment(failed)) {
    const fs::path path = entry->path();
    std::error_code unknown;
    if (path.extension() == ".yaml" && is_name(path.stem().string()) &&
        entry->is_regular_file(unknown))
      names.push_back(path.stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void PolicyFolder::require_name(const std::string& name) {
  if (!is_name(name))
    throw HttpError(400, "no name of a policy: " + in_quotes(name) +
                             "; a name is 1 to 64 letters, digits, '-' and '_'");
}

std::string PolicyFolder::file_of(const std::string& name) const {
  require_name(name);
  if (settings_.policy_dir.empty()) fail_without_folder();
  return (fs::path(settings_.policy_dir) / (name + ".yaml")).string();
}

std::string PolicyFolder::path_of(const std::string& name) const {
  const std::string path = file_of(name);
  std::error_code failed;
  if (fs::is_regular_file(path, failed)) return path;
  const std::string near = nearest_name(name, names());
  throw HttpError(
      404, "this server has no policy " + in_quotes(name) +
               (near.empty() ? "; GET /policies lists them" : "; did you mean \"" + near + "\"?"));
}

std::string PolicyFolder::text_of(const std::string& name) const {
  const auto bytes = read_file(path_of(name), kMaxPolicyBytes, Reading::kLook);
  if (!bytes) throw HttpError(500, "the policy " + in_quotes(name) + " cannot be read");
  return {bytes->begin(), bytes->end()};
}

bool PolicyFolder::is_active(const std::string& name) const {
  std::error_code failed;
  return !settings_.policy.policy_path.empty() && !settings_.policy_dir.empty() &&
         fs::equivalent(file_of(name), settings_.policy.policy_path, failed) && !failed;
}

void PolicyFolder::write(const std::string& name, const std::string& text) const {
  const std::string path = file_of(name);
  std::error_code failed;
  if (!fs::is_directory(settings_.policy_dir, failed)) fail_without_folder();
  if (is_active(name))
    throw HttpError(409, in_quotes(name) + " is the policy that is served; choose another name");
  try {
    write_file_atomically(posix_file_system(), path, Bytes(text.begin(), text.end()));
  } catch (const Error&) {
    throw HttpError(500, "the policy " + in_quotes(name) +
                             " cannot be written; its folder may be "
                             "read-only or full");
  }
}

}  // namespace topobathy
