#pragma once

#include <memory>
#include <string>

#include "cache/object_store.h"

namespace topobathy {

/// Where a cache is. Cells (tiers 2 and 3) lie in `objects` if the root is in an object store. All
/// else needs a disk with locks (SQLite, downloads that are resumed, jobs) and lies in `folder`.
struct CachePlace {
  std::string folder;                    ///< of this machine
  std::shared_ptr<ObjectStore> objects;  ///< null: cells lie in the folder too
};

/// `/vsi...`
bool is_object_root(const std::string& root) noexcept;

/// The folder of this machine that belongs to a root: the root itself, or of an object store
/// `<base>/<16 digits of the root's SHA-256>` with the base TOPOBATHY_LOCAL_CACHE_DIR (of GDAL's
/// configuration or the environment), else $XDG_CACHE_HOME/topobathy/objects, else
/// ~/.cache/topobathy/objects. \throws Error(kUsage) for a URL, Error(kCache) without any base
std::string local_cache_folder(const std::string& root);

/// Asks and makes nothing. \throws as local_cache_folder(), and for HTTP limits that are no numbers
CachePlace cache_place(const std::string& root);

}  // namespace topobathy
