#pragma once

#include <optional>
#include <string>

#include "cache/bytes.h"

namespace topobathy {

/// The whole file, once; nothing when it is absent, unreadable or larger than `limit`.
std::optional<Bytes> read_file(const std::string& path, std::size_t limit);

/// As files of the cache state it: UTC, ISO 8601, whole seconds.
std::string utc_now();

}  // namespace topobathy
