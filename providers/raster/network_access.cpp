#include "providers/raster/network_access.h"

#include "fusion/error.h"
#include "providers/raster/file_stamp.h"

namespace topobathy {

bool is_network_path(const std::string& path) noexcept {
  return is_remote_path(path) || path.find("://") != std::string::npos;
}

void require_at_hand(const std::string& path, bool offline) {
  if (!offline || !is_network_path(path)) return;
  throw Error(ErrorCode::kUnreadable, "'" + path +
                                          "' is on the network and OFFLINE is on; download it, or "
                                          "open without OFFLINE");
}

namespace {

// GDAL's handlers over HTTP ask for this before they open a file; no file has that name.
constexpr char kAllowedName[] = "CPL_VSIL_CURL_ALLOWED_FILENAME";
constexpr char kNoName[] = "offline";

}  // namespace

bool is_network_blocked() {
  const char* const allowed = CPLGetThreadLocalConfigOption(kAllowedName, nullptr);
  return allowed != nullptr && std::string(allowed) == kNoName;
}

NetworkBlock::NetworkBlock(bool offline) {
  if (offline) option_.emplace(kAllowedName, kNoName, /*bSetOnlyIfUndefined=*/false);
}

}  // namespace topobathy
