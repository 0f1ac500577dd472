#pragma once

#include <cstdint>
#include <string>

namespace topobathy {

/// "20GB" (powers of 1000: KB, MB, GB, TB), "20GiB" (of 1024), "500" (bytes), "1.5 GB"; case is
/// free. `option` is named in the message. \throws Error(kUsage)
std::uint64_t parse_size(const std::string& option, const std::string& text);

/// Seconds of "30d", "12h", "90m", "45s", "2w". \throws Error(kUsage)
double parse_age(const std::string& option, const std::string& text);

}  // namespace topobathy
