#include "providers/policy_file.h"

#include <filesystem>
#include <system_error>

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include "fusion/error.h"
#include "fusion/policy/load.h"
#include "providers/raster/network_access.h"

namespace topobathy {
namespace {

constexpr GIntBig kLargestPolicy = 1 << 20;

/// One spelling a directory, however the path to the policy was written: cells are kept for it.
std::string absolute_directory(const std::string& path) {
  const std::string directory = CPLGetPath(path.c_str());
  if (directory.rfind("/vsi", 0) == 0) return directory;
  std::error_code failed;
  const auto canonical =
      std::filesystem::weakly_canonical(directory.empty() ? "." : directory, failed);
  return failed ? std::filesystem::absolute(directory, failed).string() : canonical.string();
}

}  // namespace

PolicyText read_policy_text(const std::string& path, bool offline) {
  require_at_hand(path, offline);
  VSIStatBufL status;
  if (VSIStatL(path.c_str(), &status) != 0)
    throw Error(ErrorCode::kNotFound, "policy '" + path + "' does not exist");
  VSILFILE* file = VSI_ISDIR(status.st_mode) ? nullptr : VSIFOpenL(path.c_str(), "rb");
  if (!file) throw Error(ErrorCode::kUnreadable, "policy '" + path + "' cannot be opened");
  GByte* bytes = nullptr;
  vsi_l_offset size = 0;
  const bool ok = VSIIngestFile(file, path.c_str(), &bytes, &size, kLargestPolicy) != 0;
  VSIFCloseL(file);
  const std::string text =
      ok ? std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size))
         : std::string();
  VSIFree(bytes);
  if (!ok)
    throw Error(ErrorCode::kUnreadable,
                "policy '" + path + "' cannot be read, or is larger than 1 MiB");
  return {text, path, absolute_directory(path)};
}

PolicyText inline_policy(const std::string& text) {
  return {text, "", absolute_directory("")};
}

Policy load_policy_file(const std::string& path) {
  const PolicyText policy = read_policy_text(path);
  return load_policy(policy.text, policy.file, policy.directory);
}

}  // namespace topobathy
