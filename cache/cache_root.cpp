#include <cstdlib>

#include "cache/cell_store.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

/// An empty variable counts as unset (XDG base directory rules; `VAR= command` is how shells clear
/// one).
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string default_cache_root() {
  if (const std::string root = variable("TOPOBATHY_CACHE_DIR"); !root.empty()) return root;
  // XDG: a relative path is invalid and to be ignored.
  if (const std::string base = variable("XDG_CACHE_HOME"); !base.empty() && base[0] == '/')
    return base + "/topobathy";
  if (const std::string home = variable("HOME"); !home.empty()) return home + "/.cache/topobathy";
  throw Error(
      ErrorCode::kCache,
      "no place for the cache: none of TOPOBATHY_CACHE_DIR, XDG_CACHE_HOME and HOME is set; "
      "set TOPOBATHY_CACHE_DIR to a directory, or open with CACHE=OFF");
}

}  // namespace topobathy
