#pragma once

#include <cstdint>
#include <string>

namespace topobathy {

/// A gzip file unpacked; other bytes as they are. \throws Error(kUnreadable) naming `name`:
/// damaged, or longer than `max_bytes` when unpacked
std::string gunzipped(const std::string& name, std::string bytes, std::uint64_t max_bytes);

/// A Zstandard frame that holds exactly `size` bytes. \throws Error(kUnreadable)
std::string unzstandarded(const std::string& name, const std::string& bytes, std::uint64_t size);

}  // namespace topobathy
