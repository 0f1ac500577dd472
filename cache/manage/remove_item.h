#pragma once

#include <cstdint>
#include <string>

#include "cache/cache_walk.h"

namespace topobathy {

struct Removal {
  bool removed = false;     ///< false without a failure: somebody else was quicker
  std::uint64_t bytes = 0;  ///< that are free now, of companions too
  std::string failure;      ///< "" = none
};

/// Now as the file system stamps files, nanoseconds since 1970: no file written later looks older.
std::int64_t file_time_now() noexcept;

/// Deletes a whole item of a tier, so that no reader meets half of it: the item itself first, in
/// one step; then its companions, unless another item shares them or they were written since
/// `began` (file_time_now(); then they are those of a new item in the making). A database is
/// emptied under its own lock, not deleted: others may have it open. \pre is_item()
Removal remove_item(const std::string& root, const std::string& path, const ItemClass& item,
                    std::int64_t began);

/// The same of what belongs to no item any more. \pre is_orphan()
Removal remove_orphan(const std::string& root, const std::string& path);

/// Whether an entry is a companion whose item is gone for an hour. (Some writers put the companions
/// there first.)
bool is_orphan(const std::string& root, const CacheEntry& entry, std::int64_t now);

/// Of the files that go with an item, bytes.
std::uint64_t companion_bytes(const std::string& root, const std::string& path, ItemKind kind);

/// Deletes folders below `folder` that are empty; readers and writers do not mind.
void remove_empty_folders(const std::string& root, const std::string& folder);

}  // namespace topobathy
