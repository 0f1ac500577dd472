#pragma once

#include <optional>
#include <string>

#include "cache/bytes.h"

namespace topobathy {

enum class Reading {
  kLook,  ///< the file's time of last use stays
  kUse    ///< the file is used now: whoever makes room deletes what was not used for longest
};

/// The whole file, once; nothing when it is absent, unreadable or larger than `limit`.
std::optional<Bytes> read_file(const std::string& path, std::size_t limit, Reading reading);

/// As files of the cache state it: UTC, ISO 8601, whole seconds.
std::string utc_now();

}  // namespace topobathy
