#include "cache/policy_copy.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cache/atomic_file.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashDigits = 8;
constexpr std::size_t kLongestName = 100;
constexpr char kEnd[] = ".yaml";

}  // namespace

std::string policy_copy_name(const std::string& name) {
  std::string part;
  for (const char c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain && part.size() < kLongestName) part += c;
  }
  return part.empty() ? kUnnamedPolicy : part;
}

std::string policy_copy_path(const std::string& name, const std::string& hash) {
  return "policies/" + policy_copy_name(name) + "." + hash.substr(0, kHashDigits) + kEnd;
}

bool keep_policy_copy(FileSystem& files, const std::string& root, const std::string& name,
                      const std::string& hash, const std::string& text) {
  const std::string path = root + "/" + policy_copy_path(name, hash);
  std::error_code failed;  // told by the writing
  if (fs::exists(path, failed)) return false;
  write_file_atomically(files, path, Bytes(text.begin(), text.end()));
  return true;
}

std::vector<PolicyCopy> policy_copies(const std::string& root) {
  std::vector<PolicyCopy> copies;
  std::error_code failed;
  fs::directory_iterator entry(root + "/policies", failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    const std::string name = entry->path().stem().string();
    const std::size_t dot = name.rfind('.');
    if (entry->path().extension() != kEnd || dot == std::string::npos ||
        name.size() - dot - 1 != kHashDigits)
      continue;
    copies.push_back({entry->path().string(), name.substr(0, dot), name.substr(dot + 1)});
  }
  std::sort(copies.begin(), copies.end(),
            [](const PolicyCopy& a, const PolicyCopy& b) { return a.path < b.path; });
  return copies;
}

}  // namespace topobathy
