#pragma once

#include <cstdint>
#include <string>

#include "cache/cache_walk.h"

namespace topobathy {

/// "3.2 h ago" of a time in nanoseconds since 1970; "" for 0.
std::string age_text(std::int64_t time);
/// "2024-05-31T12:00:00Z"; "" for 0.
std::string utc_text(std::int64_t time);
/// "1 item", "2 items"
std::string count_text(std::uint64_t count, const std::string& noun);

std::string size_text(std::uint64_t bytes);

/// Folders that a walk could not read go to std::cerr. \returns whether there were any
bool tell_unread(const WalkResult& walk, const std::string& root);

}  // namespace topobathy
