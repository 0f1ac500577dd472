#include "providers/raster/file_stamp.h"

#include <array>
#include <mutex>
#include <unordered_map>

#include <sys/stat.h>

#include <cpl_string.h>
#include <cpl_vsi.h>

#include "providers/http/signed_paths.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/network_access.h"
#include "providers/raster/subdataset_name.h"

namespace topobathy {
namespace {

constexpr std::int64_t kNanosecondsInSecond = 1000000000;

bool is_virtual_path(const std::string& path) noexcept {
  return path.compare(0, 4, "/vsi") == 0;
}

/// Asks for the headers of a remote file; stat() then finds in GDAL's cache what they said.
std::string etag_of(const std::string& path, const std::string& opened) {
  const CPLStringList headers(VSIGetFileMetadata(opened.c_str(), "HEADERS", nullptr));
  require_known_redirects(path, headers.List());
  const char* const etag = headers.FetchNameValue("ETag");
  return etag == nullptr ? "" : etag;
}

/// The ETags that remote files had when this process last asked.
struct KnownEditions {
  std::mutex mutex;
  std::unordered_map<std::string, std::string> etags;
};

/// GDAL goes on giving the bytes it has of a file that its server has replaced.
void forget_other_edition(const std::string& path, const std::string& etag) {
  static KnownEditions& known = *new KnownEditions;
  bool is_another = false;
  {
    const std::lock_guard<std::mutex> lock(known.mutex);
    std::string& last = known.etags[path];
    is_another = !last.empty() && last != etag;
    last = etag;
  }
  if (is_another) forget_vsicurl(path);
}

std::optional<FileStamp> stamp_virtual(const std::string& path) {
  // GDAL asks for headers whatever names are allowed.
  if (is_remote_path(path) && is_network_blocked()) return std::nullopt;
  const QuietGdalErrors quiet;
  const VsicurlOptions remote(path);
  const std::string opened = signed_path(path);
  FileStamp stamp;
  if (is_remote_path(path)) {
    stamp.etag = etag_of(path, opened);
    forget_other_edition(path, stamp.etag);
  }
  VSIStatBufL status;
  if (VSIStatL(opened.c_str(), &status) != 0) {
    forget_vsicurl(path);  // GDAL would remember that it is not there
    return std::nullopt;
  }
  stamp.bytes = static_cast<std::int64_t>(status.st_size);
  stamp.mtime_ns = static_cast<std::int64_t>(status.st_mtime) * kNanosecondsInSecond;
  return stamp;
}

}  // namespace

std::string FileStamp::text() const {
  return etag.empty() ? std::to_string(bytes) + "-" + std::to_string(mtime_ns) : etag;
}

bool is_plain_file(const std::string& path) noexcept {
  struct stat status;
  return !is_virtual_path(path) && stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool is_remote_path(const std::string& path) noexcept {
  constexpr std::array kSchemes = {"/vsicurl", "/vsis3",    "/vsigs",      "/vsiaz",  "/vsiadls",
                                   "/vsioss",  "/vsiswift", "/vsiwebhdfs", "/vsihdfs"};
  // Else a part of a local path may be called so.
  const bool is_virtual = is_virtual_path(path) || path.find(":/vsi") != std::string::npos ||
                          path.find(":\"/vsi") != std::string::npos;
  if (!is_virtual) return false;
  for (const char* scheme : kSchemes) {
    if (path.find(scheme) != std::string::npos) return true;
  }
  return false;
}

std::optional<FileStamp> stamp_file(const std::string& path) {
  if (const auto subdataset = parse_subdataset_name(path)) return stamp_file(subdataset->file);
  if (is_virtual_path(path)) return stamp_virtual(path);
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  FileStamp stamp;
  stamp.bytes = static_cast<std::int64_t>(status.st_size);
  stamp.mtime_ns = static_cast<std::int64_t>(status.st_mtim.tv_sec) * kNanosecondsInSecond +
                   static_cast<std::int64_t>(status.st_mtim.tv_nsec);
  return stamp;
}

bool is_unchanged(const std::string& path, const FileStamp& stamp) {
  return is_remote_path(path) || stamp_file(path) == stamp;
}

}  // namespace topobathy
