#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/tiers.h"

namespace topobathy {

/// A file below the root. The views live until the visitor returns.
struct CacheEntry {
  std::string_view path;  ///< relative to the root
  ItemClass item;
  std::uint64_t size = 0;     ///< bytes
  std::int64_t modified = 0;  ///< nanoseconds since 1970
  std::int64_t accessed = 0;
  bool is_file = true;  ///< false: a link, a socket, ... (kForeign unless a link)

  /// When it was last read or written. Reading a cell marks it (CellStore); other files have it
  /// from the file system, as far as its mount options go.
  std::int64_t used() const noexcept { return accessed > modified ? accessed : modified; }
};

/// Called from several threads at once; `worker` < threads tells them apart, so that each sums for
/// itself. May delete the entry. What it throws ends the walk.
using CacheVisitor = std::function<void(const CacheEntry&, std::size_t worker)>;

/// Whether to look into a folder (relative path); called like the visitor.
using FolderFilter = std::function<bool(std::string_view folder)>;

struct WalkTrouble {
  std::string path;  ///< relative folder, "" = the root
  std::string why;
};

struct WalkResult {
  std::vector<WalkTrouble> unread;  ///< folders, the first hundred
  std::uint64_t unread_count = 0;
};

struct WalkOptions {
  std::size_t threads = 1;
  FolderFilter enter;  ///< empty = all
};

/// Gives every file below the root once, in no order. Memory does not grow with the number of
/// files. Links are given, not followed (but the root itself may be one); what vanishes meanwhile
/// is left out; a root that is not there is empty.
/// \throws Error(kCache) the root is no folder or cannot be read
WalkResult walk_cache(const std::string& root, const WalkOptions& options,
                      const CacheVisitor& visit);

}  // namespace topobathy
