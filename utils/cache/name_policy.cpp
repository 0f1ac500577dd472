#include "utils/cache/name_policy.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "cache/policy_copy.h"
#include "fusion/error.h"
#include "fusion/policy/nearest.h"
#include "providers/policy_file.h"

namespace topobathy {
namespace {

constexpr std::size_t kDigits = 8;

bool is_hash(const std::string& text) {
  return text.size() >= kDigits && text.size() <= 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string hint(const std::string& given, const std::vector<PolicyCopy>& copies) {
  std::vector<std::string> names;
  std::string all;
  for (const PolicyCopy& copy : copies) {
    names.push_back(copy.name);
    all += (all.empty() ? "" : ", ") + copy.name;
  }
  const std::string nearest = nearest_name(given, names);
  if (!nearest.empty()) return "did you mean " + nearest + "?";
  return all.empty() ? "the cache knows none by name" : "the cache knows " + all;
}

}  // namespace

std::set<std::string> name_policy(const std::string& given, const std::string& root) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(given, failed))
    return {load_policy_file(given).hash.substr(0, kDigits)};
  if (is_hash(given)) return {given.substr(0, kDigits)};
  const auto copies = policy_copies(root);
  std::set<std::string> found;
  const std::string part = policy_copy_name(given);
  const bool is_name = part != kUnnamedPolicy || given == kUnnamedPolicy;
  for (const PolicyCopy& copy : copies)
    if (is_name && copy.name == part) found.insert(copy.policy8);
  if (!found.empty()) return found;
  throw Error(ErrorCode::kUsage, "--policy " + given +
                                     ": is no file, no hash of 8 digits or more, and no name of a "
                                     "policy in the cache; " +
                                     hint(given, copies));
}

std::string policy_title(const std::string& policy8, const std::string& root) {
  std::string title;
  for (const PolicyCopy& copy : policy_copies(root))
    if (copy.policy8 == policy8) title += (title.empty() ? "" : ", ") + copy.name;
  return title;
}

}  // namespace topobathy
