#include "providers/object_store/cache_place.h"

#include <cpl_conv.h>

#include <cstdlib>

#include "fusion/error.h"
#include "fusion/sha256.h"
#include "providers/http/http_limits.h"
#include "providers/object_store/vsi_object_store.h"

namespace topobathy {
namespace {

constexpr std::size_t kHashDigits = 16;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

std::string base_folder() {
  if (const std::string named = CPLGetConfigOption("TOPOBATHY_LOCAL_CACHE_DIR", ""); !named.empty())
    return named;
  // As default_cache_root() has it.
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty() && cache[0] == '/')
    return cache + "/topobathy/objects";
  if (const std::string home = variable("HOME"); !home.empty())
    return home + "/.cache/topobathy/objects";
  throw Error(ErrorCode::kCache,
              "no place for what a cache in an object store keeps on this machine: none of "
              "TOPOBATHY_LOCAL_CACHE_DIR, XDG_CACHE_HOME and HOME is set; set "
              "TOPOBATHY_LOCAL_CACHE_DIR to a directory");
}

/// One root, one name: it is hashed.
std::string without_slash(std::string root) {
  while (root.size() > 1 && root.back() == '/')
    root.pop_back();
  return root;
}

/// `s3://bucket/prefix` would become a folder of that name.
void refuse_url(const std::string& root) {
  const std::size_t end = root.find("://");
  if (end == std::string::npos || is_object_root(root)) return;
  const std::string scheme = root.substr(0, end);
  const std::string hint = scheme == "s3" || scheme == "gs"
                               ? "write /vsi" + scheme + "/" + root.substr(end + 3)
                               : "write a folder, or an object store as GDAL names it, such as "
                                 "/vsis3/bucket/prefix";
  throw Error(ErrorCode::kUsage, "the cache directory " + root + " is a URL; " + hint);
}

}  // namespace

bool is_object_root(const std::string& root) noexcept {
  return root.compare(0, 4, "/vsi") == 0;
}

std::string local_cache_folder(const std::string& root) {
  refuse_url(root);
  if (!is_object_root(root)) return root;
  return base_folder() + "/" + sha256_hex(without_slash(root)).substr(0, kHashDigits);
}

CachePlace cache_place(const std::string& root) {
  CachePlace place{local_cache_folder(root), nullptr};
  if (is_object_root(root))
    place.objects = make_vsi_object_store(without_slash(root), configured_http_limits());
  return place;
}

}  // namespace topobathy
